"""Writes a plan as the file that nginx.conf includes: $moved_to says where a request goes, app or legacy.

What is rendered are words of our own and what moving/plan.py lets through: nothing that nginx could read otherwise.
"""

import re
from collections.abc import Iterable

from moving.plan import MOST_SHARE, PATHS, Move, Plan

LEGACY, OURS = "legacy", "app"
#: What a share is told apart by. Another word than nginx.conf's would put members on other sides.
STICKY_KEYS = {"client": "$gw_client", "track": "$asked_track"}
#: From the one that says most about a request to the one that says least; `moving.plan.Plan.find` has the same order.
KEYS = ("$move_path|$move_client|$asked_track", "$move_path|$move_client|", "$move_path||$asked_track", "$move_path||")


def render(plan: Plan) -> str:
    """The file. Maps compare without case, patterns don't: paths and clients become words of ours by patterns first."""
    clients = sorted({move.client for move in plan.moves if move.client})
    words_of_clients = {client: f"c{number}" for number, client in enumerate(clients, 1)}
    words_of_paths = {path: f"p{number}" for number, path in enumerate(PATHS, 1)}
    lines = [
        f"# Version {plan.version} of what is moved, written by `playlog moves follow`: changes here are lost.",
        f'map "" $moves_version {{ default "{plan.version}"; }}',
        *_map(
            '"$sent_method $path"',
            "$move_path",
            ((f"~^(GET|HEAD) {re.escape(path)}$", words_of_paths[path]) for path in PATHS),
        ),
        *_map("$gw_client", "$move_client", ((f"~^{name}$", word) for name, word in words_of_clients.items())),
        *_sampled(plan),
    ]
    entries: dict[str, list[tuple[str, str]]] = {key: [] for key in KEYS}
    for move in plan.moves:
        lines += _split(move)
        where = OURS if move.share == MOST_SHARE else f"$share_{move.number}"
        word = words_of_clients[move.client] if move.client else ""
        entries[_key_of(move)].append((f"{words_of_paths[move.path]}|{word}|{move.track or ''}", where))
    names = [f"$moved_{number}" for number in range(1, len(KEYS))]
    for key, name, otherwise in zip(KEYS, ["$moved_to", *names], [*names, LEGACY], strict=True):
        lines += _map(f'"{key}"', name, entries[key], otherwise)
    whole = {move.path for move in plan.moves if move.is_whole} - {
        move.path for move in plan.moves if not move.is_whole
    }
    # Nobody has to say where these go: the app asks the gateway itself, and nginx needs not. What is compared is asked
    # about all the same, for the comparator can't ask without the verdict.
    lines += _map(
        '"$move_path|$is_sampled"', "$asks_nobody", ((f"{words_of_paths[path]}|", "1") for path in sorted(whole))
    )
    return "\n".join(lines) + "\n"


def _key_of(move: Move) -> str:
    if move.client:
        return KEYS[0] if move.track else KEYS[1]
    return KEYS[2] if move.track else KEYS[3]


def _map(source: str, name: str, entries: Iterable[tuple[str, str]], otherwise: str = '""') -> list[str]:
    lines = [f"map {source} {name} {{", f"  default {otherwise};"]
    lines += [f'  "{key}" {value};' for key, value in entries]
    return [*lines, "}"]


def _split(move: Move) -> list[str]:
    if move.share == MOST_SHARE:
        return []
    # The key is the same for each move: who is in at 5 % is in at 20 %, and on every path.
    return [
        f'split_clients "{STICKY_KEYS[move.by]}" $share_{move.number} {{',
        f"  {move.share:.2f}% {OURS};",
        f"  * {LEGACY};",
        "}",
    ]


def _sampled(plan: Plan) -> list[str]:
    """Of the requests that could be compared, those that are."""
    if plan.shadow == 0:
        return _map('""', "$is_sampled", ())
    if plan.shadow == MOST_SHARE:
        return _map("$move_path", "$is_sampled", (("~.", "1"),))
    return [
        'split_clients "$request_id" $is_drawn {',
        f"  {plan.shadow:.2f}% 1;",
        '  * "";',
        "}",
        *_map("$move_path", "$is_sampled", (("~.", "$is_drawn"),)),
    ]
