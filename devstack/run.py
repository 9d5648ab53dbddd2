"""`make run`: starts all of Playlog on this machine, says what to type next, and stops all on Ctrl-C or SIGTERM."""

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from devstack.env_file import remove_env, write_env
from devstack.process import ProcessFailed
from devstack.programs import ProgramMissing
from devstack.service import REPOSITORY
from devstack.stack import Stack

HOME = REPOSITORY / ".local"
# Where a person finds the parts again; another port is taken where one of these isn't free.
PREFERRED = {
    "nginx": 8080,
    "nginx_private": 8081,
    "web": 8000,
    "consumer_status": 8090,
    "sink_status": 8091,
    "producer_status": 8092,
    "follow_status": 8093,
    "compare_status": 8094,
    "compare": 8082,
    "legacy": 8088,
    "kafka": 9092,
    "mariadb": 13306,
}
WATCH_SECONDS = 0.5
# nginx bounds the pauses of a slow body, not the whole: new workers every so often do (see nginx.conf).
RELOAD_SECONDS = 60.0

NEXT = """
Playlog runs at {url}. Ctrl-C stops it; its data and logs stay in {home}.

One log, from here:

  curl -i '{url}/1.2/user/preview/log?country=GB&oauth_consumer_key={key}' \\
    -H 'Content-Type: application/json' \\
    -d '{{"logs":[{{"userId":"listener-1","country":"GB","trackId":123456,"dateTimePlayed":"{now}",
         "totalTimePlayed":31,"userAgent":"DemoPlayer/1.0","playMode":"online"}}]}}'

And in another terminal:

  . {env}
  playlog sample --logs 1000 | playlog send -
  playlog status
  playlog report --date today --provisional
"""


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM came; not an Exception, so that nothing on the way takes it for a fault."""


def ask_to_stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signal.signal wants it
    # The second one must not interrupt the orderly end.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise StopAsked


def say(text: str) -> None:
    print(text, flush=True)


def shown(path: Path) -> str:
    """Returns the path as the person at the terminal would type it."""
    return os.path.relpath(path)


def next_steps(stack: Stack, env: Path) -> str:
    sender = stack.environ("send")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return NEXT.format(
        url=sender["PLAYLOG_URL"], key=sender["PLAYLOG_KEY"], home=shown(stack.home), env=shown(env), now=now
    )


def watch(stack: Stack) -> None:
    """Returns when a process of the stack ended by itself; nothing is started again behind the person's back."""
    reload_at = time.monotonic() + RELOAD_SECONDS
    while not stack.dead():
        time.sleep(WATCH_SECONDS)
        if time.monotonic() > reload_at:
            stack.nginx.reload()
            reload_at += RELOAD_SECONDS
    for child in stack.dead():
        print(f"\n{child.failure(f'ended by itself with status {child.status()}')}\n", file=sys.stderr, flush=True)


def run(stack: Stack) -> int:
    """Brings the stack up and stays until it is told to stop, or a part of it dies."""
    try:
        stack.claim()
    except ProcessFailed as failed:
        print(failed, file=sys.stderr, flush=True)
        return 1
    try:
        remove_env(stack.home)
        stack.start()
        env = write_env(stack)
        say(next_steps(stack, env))
        watch(stack)
    except StopAsked:
        say("\nstopping")
        return 0
    except (ProcessFailed, ProgramMissing) as failed:
        print(f"\n{failed}", file=sys.stderr, flush=True)
        return 1
    finally:
        remove_env(stack.home)
        stack.stop()
    return 1


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    return run(Stack(HOME, preferred=PREFERRED, say=say))


if __name__ == "__main__":
    sys.exit(main())
