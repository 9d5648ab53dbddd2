"""report.html: a day's report for a person, in one file that needs nothing else."""

from pathlib import Path

from markupsafe import Markup

from reports.context import Context
from reports.digest import Digest
from reports.editions import Edition
from reports.files import Made, describe, write_bytes
from reports.findings import Findings
from reports.markup import environment
from reports.proof import FINAL, WITH_LOSS
from reports.view import View

NAME = "report.html"

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


def write_page(folder: Path, findings: Findings, digest: Digest, edition: Edition, context: Context) -> Made:
    """Writes the page. No clock is in it, and no listener: the same data gives the same bytes."""
    text = (
        environment()
        .get_template("report.html")
        .render(
            findings=findings,
            digest=digest,
            total=digest.total,
            context=context,
            view=View(findings, digest, context),
            edition=Markup(f"{BEGIN}\n{edition_lines(edition, findings.state)}\n{END}"),  # noqa: S704 - escaped above
            meaning=MEANINGS.get(findings.state, NOT_YET),
        )
    )
    write_bytes(folder / NAME, text.encode("utf-8", "backslashreplace"))
    return describe(folder / NAME, digest.total.plays)
