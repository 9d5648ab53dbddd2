"""report.html: a day's report for a person, in one file that needs nothing else."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from reports.balance import difference
from reports.digest import Digest
from reports.editions import Edition
from reports.files import Made, describe, write_bytes
from reports.findings import Findings
from reports.proof import FINAL, WITH_LOSS

if TYPE_CHECKING:
    import jinja2

NAME = "report.html"
FOLDER = Path(__file__).with_name("templates")

#: What a state means, in a sentence.
MEANINGS = {
    FINAL: "Final: every record that Kafka took for this day is accounted for below, and the sums agree.",
    WITH_LOSS: (
        "Final with loss: every record of this day is accounted for below, but some are known to be lost. Each loss"
        " was declared by an operator and is listed."
    ),
}
#: Around the lines that say which edition the page is.
BEGIN, END = "<!-- edition -->", "<!-- end of edition -->"
NOT_YET = "Provisional: it is not proved yet that this day is complete. Its numbers may still grow."


def edition_lines(edition: Edition, state: str) -> Markup:
    """The lines of the page that say which edition it is; nothing else of it does."""
    if state not in MEANINGS:
        return Markup("")
    lines = Markup("<p>This is revision {} of the report.</p>").format(edition.revision)
    if edition.supersedes is not None:
        text = Markup("\n<p>It replaces revision {} (manifest {}), since: {} ({}).</p>")
        lines += text.format(edition.revision - 1, edition.supersedes, edition.reason, edition.operator)
    return lines


def with_edition(page: str, edition: Edition, state: str) -> str:
    """A finished page as that of another edition with the same contents."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{edition_lines(edition, state)}\n{END}{tail}"


def write_page(folder: Path, findings: Findings, digest: Digest, edition: Edition) -> Made:
    """Writes the page. No clock is in it, and no listener: the same data gives the same bytes."""
    counts = findings.counts
    accounts = [
        {
            "client": account[0],
            "stream": account[1],
            "is_test": account[2],
            "tally": tally,
            "replayed": counts.replayed(account),
            "balance": difference(counts, account, tally),
        }
        for account, tally in counts.by_account().items()
        if account[0] is not None
    ]
    text = (
        _environment()
        .get_template("report.html")
        .render(
            findings=findings,
            digest=digest,
            edition=Markup(f"{BEGIN}\n{edition_lines(edition, findings.state)}\n{END}"),  # noqa: S704 - escaped above
            meaning=MEANINGS.get(findings.state, NOT_YET),
            accounts=accounts,
            unreadable=sum(tally.unreadable for tally in counts.by_account().values()),
            records=sum(span.records for span in findings.spans),
            lost=sum(findings.lost_at(span) for span in findings.spans),
            rows_at=counts.rows_at,
            lost_at=findings.lost_at,
        )
    )
    write_bytes(folder / NAME, text.encode("utf-8", "backslashreplace"))
    return describe(folder / NAME, digest.total.plays)


@cache
def _environment() -> "jinja2.Environment":
    # Imported where it works: most words only look at reports.
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
