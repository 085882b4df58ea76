"""The command line: python -m csp_data …"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from csp_data.extracts.release_log import Entry

app = typer.Typer(
    help="Community safety dashboard: crime and anti-social behaviour of a Community Safety Partnership.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_out = Console(soft_wrap=True)
_err = Console(stderr=True, soft_wrap=True)

WorkspaceArgument = Annotated[
    str, typer.Argument(help="Folder or address (such as s3://bucket/folder) of a workspace.")
]
WorkspaceOption = Annotated[str, typer.Option("--data", help="Folder or address of a workspace.")]


@app.command()
def run(
    workspace: WorkspaceArgument = "data",
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8501,
    address: Annotated[str, typer.Option(help="Network address to serve on.")] = "127.0.0.1",
) -> None:
    """Open the dashboard on a workspace."""
    from csp_data.ui.server import serve

    serve(workspace, port=port, address=address)


@app.command()
def check(workspace: WorkspaceArgument = "data") -> None:
    """Check every table of a workspace against its contract. Ends with 1 when something stops publication."""
    from csp_data.extracts.checks import check_workspace

    report = check_workspace(workspace)
    for problem in report.problems:
        _out.print(f"Stops publication: {problem}", style="bold", highlight=False, markup=False)
    for warning in report.warnings:
        _out.print(f"Warning: {warning}", highlight=False, markup=False)
    _out.print(report.summary)
    if report.problems:
        raise typer.Exit(1)


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="A partnership, district or police force area, such as Maidstone.")],
    into: Annotated[Path, typer.Option(help="Folder to download into.")],
    months: Annotated[int, typer.Option(help="Months of street-level crime, back from the latest.", min=1)] = 36,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before downloading.")] = False,
) -> None:
    """Download what a build needs for any partnership, from the publishers. The only command that calls out."""
    from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from csp_data.extracts.fetch import Plan
    from csp_data.extracts.fetch import fetch as fetch_all

    def agree(plan: Plan) -> bool:
        found = plan.found
        _out.print(
            f"{found.name}: {', '.join(f'{name} ({code})' for code, name in found.districts)}; police files of "
            f"'{found.force}'.\nLatest month: {plan.latest}. To download: about {plan.bytes / 1e9:.1f} GB of street-level "
            f"crime ({len(plan.archives)} archives of every force), and some 10 MB of boundaries, look-ups, populations "
            f"and health indicators, into {plan.into}.",
            highlight=False,
        )
        return yes or typer.confirm("Go on?")

    columns = (TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=_err, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def progress(file: str, done: int, total: int | None) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(file, total=total)
            bar.update(tasks[file], completed=done, total=total)

        bar.stop()  # the question comes first
        fetched = fetch_all(
            name, into, lambda plan: agree(plan) and (bar.start() or True), months=months, progress=progress
        )
    if fetched is None:
        _out.print("Nothing was downloaded.")
        raise typer.Exit(1)
    for note in fetched.notes:
        _out.print(note, highlight=False)
    _out.print(f"Next: python -m csp_data build {fetched.config} --out WORKSPACE", highlight=False, soft_wrap=True)


@app.command()
def build(
    config: Annotated[Path, typer.Argument(help="The CONFIG.toml that names the partnership and its sources.")],
    out: Annotated[Path, typer.Option(help="Folder of the workspace to build into.")],
    publish: Annotated[bool, typer.Option("--publish", help="Make it the live release at once.")] = False,
    name: Annotated[str, typer.Option(help="Who builds it; this machine's user without it.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is published at once.")] = "",
) -> None:
    """Build a release of one partnership from files as published: a candidate, unless it is the first."""
    from rich.progress import Progress

    from csp_data.extracts.build import build as build_release

    with Progress(console=_err, transient=True) as progress:
        report = build_release(config, out, progress, publish, name, reason)
    _out.print(report)
    if not report.live:
        id = report.folder.parents[1].name
        _out.print(
            f"It is a candidate. What changed: python -m csp_data changes {id} {report.release} --data {out}\n"
            f"To make it live: python -m csp_data publish {id} {report.release} --data {out} --name YOU --reason WHY",
            highlight=False,
            markup=False,
        )


NameOption = Annotated[str, typer.Option(help="Who does it; goes into the log.")]
ReasonOption = Annotated[str, typer.Option(help="Why; goes into the log.")]
PartnershipArgument = Annotated[str, typer.Argument(help="Id of the partnership, such as medway.")]
ReleaseArgument = Annotated[str, typer.Argument(help="Id of the release, such as 2026-04-30T090000.")]


@app.command()
def publish(
    partnership: PartnershipArgument,
    release: ReleaseArgument,
    name: NameOption,
    reason: ReasonOption,
    data: WorkspaceOption = "data",
) -> None:
    """Make a candidate the live release, if the check finds nothing that stops publication."""
    from csp_data.extracts.publishing import publish as publish_release

    _told(publish_release(data, partnership, release, name, reason))


@app.command()
def withdraw(
    partnership: PartnershipArgument,
    release: ReleaseArgument,
    name: NameOption,
    reason: ReasonOption,
    data: WorkspaceOption = "data",
    despite_editions: Annotated[bool, typer.Option("--despite-editions", help="Also if an edition is of it.")] = False,
) -> None:
    """Say that a release must not be used. If it is live, the pages offer the last good one until you roll back."""
    from csp_data.extracts.publishing import withdraw as withdraw_release

    _told(withdraw_release(data, partnership, release, name, reason, despite_editions=despite_editions))


@app.command()
def rollback(
    partnership: PartnershipArgument,
    release: ReleaseArgument,
    name: NameOption,
    reason: ReasonOption,
    data: WorkspaceOption = "data",
) -> None:
    """Make a release live again that was published before."""
    from csp_data.extracts.publishing import rollback as roll_back

    _told(roll_back(data, partnership, release, name, reason))


def _told(entry: "Entry") -> None:
    from csp_data.extracts.release_log import ACTIONS

    _out.print(
        f"{ACTIONS[entry.action]}: {entry.release}{f' ({entry.edition})' if entry.edition else ''}, by {entry.name}, "
        f"{entry.time}. Entry {entry.number} of the log, SHA-256 {entry.sha256}.",
        highlight=False,
        markup=False,
    )


@app.command()
def releases(partnership: PartnershipArgument, data: WorkspaceOption = "data") -> None:
    """List the releases of a partnership, and say whether the chain of its log holds."""
    from csp_data.extracts.publishing import standings
    from csp_data.extracts.workspace import Workspace
    from csp_data.stories.releases import chain_words, releases_table

    workspace = Workspace(data)
    workspace.current(partnership)
    _print_table("Releases", releases_table(standings(workspace, partnership), "analyst"))
    _out.print(chain_words(workspace.log(partnership)).replace("**", ""), highlight=False, markup=False)


@app.command()
def changes(
    partnership: PartnershipArgument,
    release: ReleaseArgument,
    data: WorkspaceOption = "data",
    against: Annotated[str | None, typer.Option(help="The release to compare with; the live one without it.")] = None,
    threshold: Annotated[float, typer.Option(help="Percent that a figure must have moved by, more than.", min=0)] = 1,
) -> None:
    """Tell what changes from the live release to another: figures, months, codes, populations, tables, verdicts."""
    from csp_data.analysis.claims import judge
    from csp_data.analysis.difference import difference
    from csp_data.analysis.subject import Subject
    from csp_data.extracts.claims import read_register
    from csp_data.extracts.workspace import Workspace
    from csp_data.stories import releases as story

    workspace = Workspace(data)
    before, after = (Subject(workspace.release(partnership, id)) for id in (against, release))
    register = read_register(workspace, partnership)

    def verdicts(subject: Subject) -> dict[str, str]:
        judged = judge(register, subject, lambda other: Subject(workspace.release(other)))
        return {each.claim.id: each.verdict for each in judged}

    found = difference(before, after, "analyst", threshold / 100, verdicts if register.claims else None)
    listed = 20
    typer.echo(f"From {found.before} to {found.after}:")
    for line in story.difference_words(found):
        typer.echo(f"- {line.replace('**', '')}")
    for title, table in (
        ("Figures", story.figures_table(found)),
        ("Claims whose verdict changed", story.claims_table(found)),
        ("Populations", story.populations_table(found)),
        ("Tables", story.tables_table(found)),
    ):
        if next(iter(table.values())):
            shown = {heading: cells[:listed] for heading, cells in table.items()}
            more = len(next(iter(table.values()))) > listed
            _print_table(f"{title}, the first {listed}; the page Releases has more" if more else title, shown)


def _print_table(title: str, columns: dict[str, list[str]]) -> None:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for heading in columns:
        table.add_column(heading, no_wrap=heading == "Release")
    for row in zip(*columns.values(), strict=True):
        table.add_row(*row)
    _out.print(table, markup=False)


edition = typer.Typer(
    help="Editions: a release and its text frozen under a name, and signed off.", no_args_is_help=True
)
app.add_typer(edition, name="edition")
EditionArgument = Annotated[str, typer.Argument(help="The edition, such as strategic-assessment-2025.")]


@edition.command("make")
def edition_make(
    partnership: PartnershipArgument,
    title: Annotated[str, typer.Argument(help='Its name, such as "Strategic Assessment 2025".')],
    name: NameOption,
    reason: ReasonOption,
    release: Annotated[
        str | None, typer.Option(help="The published release to freeze; the live one without it.")
    ] = None,
    text: Annotated[list[Path] | None, typer.Option(help="A file of its text; may be given several times.")] = None,
    data: WorkspaceOption = "data",
) -> None:
    """Freeze a published release and its text under a name."""
    from csp_data.analysis.editions import headline_figures
    from csp_data.analysis.subject import Subject
    from csp_data.extracts.editions import make_edition
    from csp_data.extracts.workspace import Workspace

    frozen = Workspace(data).release(partnership, release)
    texts = {file.name: file.read_bytes() for file in text or []}
    made = make_edition(data, partnership, frozen.id, title, texts, headline_figures(Subject(frozen)), name, reason)
    _told(made.made)


@edition.command("sign")
def edition_sign(
    partnership: PartnershipArgument,
    slug: EditionArgument,
    name: NameOption,
    authority: Annotated[str, typer.Option(help="The responsible authority that it is signed off for.")],
    statement: Annotated[str, typer.Option(help="What is signed.")] = "",
    data: WorkspaceOption = "data",
) -> None:
    """Sign an edition off for a responsible authority."""
    from csp_data.extracts.editions import sign

    _told(sign(data, partnership, slug, name, authority, statement))


@edition.command("erratum")
def edition_erratum(
    partnership: PartnershipArgument,
    slug: EditionArgument,
    text: Annotated[str, typer.Argument(help="What is wrong, and what is right.")],
    name: NameOption,
    data: WorkspaceOption = "data",
) -> None:
    """Add to the errata of an edition; the edition itself stays as it is."""
    from csp_data.extracts.editions import add_erratum

    _told(add_erratum(data, partnership, slug, name, text))


@edition.command("show")
def edition_show(
    partnership: PartnershipArgument,
    slug: Annotated[str | None, typer.Argument(help="The edition; a list of all without it.")] = None,
    data: WorkspaceOption = "data",
) -> None:
    """List the editions, or show one: its figures as published beside the latest, who signed it, its errata."""
    from csp_data.analysis.subject import Subject
    from csp_data.extracts.editions import edition_named, editions
    from csp_data.extracts.problems import InputError
    from csp_data.extracts.workspace import Workspace
    from csp_data.stories import releases as story

    workspace = Workspace(data)
    if slug is None:
        _print_table("Editions", story.editions_table(editions(workspace, partnership)))
        return
    found = edition_named(workspace, partnership, slug)
    latest = Subject(workspace.release(partnership))
    try:
        published = Subject(workspace.release(partnership, found.release))
    except InputError as error:
        _out.print(str(error), markup=False)
        published = None
    sentence, table = story.as_published(found.figures, published, latest)
    _print_table("Editions", story.editions_table([found]))
    _print_table(f"{found.name}: as published, beside the latest", table)
    typer.echo(sentence.replace("**", ""))
    for line in (*(str(problem) for problem in found.problems), *story.errata_words(found.errata)):
        typer.echo(line)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="The table to write a template of, such as grants; or plan.")],
    out: Annotated[Path | None, typer.Option(help="File to write; printed without it.")] = None,
) -> None:
    """Write the template of a table that partners fill in: its columns, an example, and what each column holds."""
    from csp_data.catalogue.datasets import TEMPLATES
    from csp_data.extracts.problems import InputError
    from csp_data.extracts.sources.plan import EXAMPLE
    from csp_data.extracts.sources.templates import template_text

    if name not in (*TEMPLATES, "plan"):
        raise InputError(name, "there is no such template", f"Choose one of: {', '.join(TEMPLATES)}, plan")
    text = EXAMPLE if name == "plan" else template_text(name)
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists():
        raise InputError(str(out), "the file exists already", "Name another file, so that nothing is overwritten")
    # With a mark at the start, spreadsheets read £ and accents as they are.
    out.write_text(text, encoding="utf-8" if name == "plan" else "utf-8-sig")
    _out.print(f"Wrote {out}", highlight=False, markup=False)


@app.command()
def figure(
    partnership: Annotated[str, typer.Option(help="Id of the partnership, such as medway.")],
    measure: Annotated[str, typer.Option(help="What to count: crime or asb.")],
    start: Annotated[str, typer.Option("--from", help="First month, such as 2019-04.")],
    end: Annotated[str, typer.Option("--to", help="Last month, such as 2020-03.")],
    data: WorkspaceOption = "data",
    area: Annotated[str | None, typer.Option(help="Code of a ward; the whole partnership without it.")] = None,
    offence: Annotated[
        str | None, typer.Option("--offence", "--type", help="A line of the crime tree, or a type of ASB incident.")
    ] = None,
    vintage: Annotated[str | None, typer.Option(help="The ward set that the ward belongs to.")] = None,
    per: Annotated[str, typer.Option(help="count or rate.")] = "count",
    compare: Annotated[str | None, typer.Option(help="previous-year or pre-pandemic.")] = None,
    denominator: Annotated[str, typer.Option(help="For a rate: residents, households or workday.")] = "residents",
    role: Annotated[str, typer.Option(help="Who asks: public, partner or analyst.", envvar="CSP_ROLE")] = "public",
    release: Annotated[str | None, typer.Option(help="A release other than the current one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print any figure that the dashboard can show, as a sentence or as JSON."""
    from csp_data.analysis.results import Question, answer
    from csp_data.analysis.subject import Subject
    from csp_data.extracts.workspace import Workspace
    from csp_data.figures.wording import sentence

    subject = Subject(Workspace(data).release(partnership, release))
    question = Question(
        measure=measure,
        start=start,
        end=end,
        area=area,
        category=offence,
        vintage=vintage,
        per=per,  # type: ignore[arg-type]  # checked by the question itself, with a sentence
        compare=compare,  # type: ignore[arg-type]
        role=role,
        denominator=denominator,  # type: ignore[arg-type]
    )
    found = answer(subject, question)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        typer.echo(sentence(found))
        if subject.release.notice:
            typer.echo(f"{subject.release.notice}.")


@app.command()
def severity(
    weights: Annotated[Path, typer.Argument(help="An official file of offence weights: offence code or name, weight.")],
    partnership: Annotated[str, typer.Option(help="Id of the partnership, such as medway.")],
    data: WorkspaceOption = "data",
    start: Annotated[str | None, typer.Option("--from", help="First month; the latest 12 without it.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last month.")] = None,
    area: Annotated[str | None, typer.Option(help="Code of a ward; the whole partnership without it.")] = None,
    source: Annotated[str, typer.Option(help="Who published the weights.")] = "",
    vintage: Annotated[str, typer.Option(help="Which edition they are, such as 2024.")] = "",
    role: Annotated[str, typer.Option(help="Who asks: public, partner or analyst.", envvar="CSP_ROLE")] = "public",
) -> None:
    """Match a file of offence weights with the crime of a release, and give the severity where it can be given."""
    from csp_data.analysis.periods import rolling_12
    from csp_data.analysis.results import Question, QuestionError
    from csp_data.analysis.severity import severity as weighted
    from csp_data.analysis.subject import Subject
    from csp_data.extracts.sources.severity import read_weights
    from csp_data.extracts.workspace import Workspace
    from csp_data.figures.wording import severity_report

    subject = Subject(Workspace(data).release(partnership))
    if not subject.release.has("crime"):
        raise QuestionError(f"{subject.partnership.short_name} has no recorded crime in this release.")
    held = read_weights(weights, source, vintage)
    latest = rolling_12(subject.months("crime")[-1])
    question = Question("crime", start or latest.start, end or latest.end, area=area, role=role)
    found = weighted(subject, question, held.weights)
    typer.echo(f"Weights: {held.file}, {held.source}, {held.vintage}; {len(held.weights)} offences.")
    typer.echo(severity_report(found))
    if subject.release.notice:
        typer.echo(f"{subject.release.notice}.")


@app.command()
def claims(
    partnership: Annotated[str, typer.Option(help="Id of the partnership, such as medway.")],
    data: WorkspaceOption = "data",
    file: Annotated[
        Path | None, typer.Option("--claims", help="A register other than the workspace's claims.toml.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option("--id", help="Only this claim; may be given again.")] = None,
    role: Annotated[str, typer.Option(help="Who asks: analyst or partner.", envvar="CSP_ROLE")] = "analyst",
    release: Annotated[str | None, typer.Option(help="A release other than the current one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Work every printed claim of a register out again, and print each with its verdict and the working."""
    from csp_data.analysis.claims import judge
    from csp_data.analysis.disclosure import ROLES
    from csp_data.analysis.subject import Subject
    from csp_data.extracts.claims import read_file, read_register
    from csp_data.extracts.problems import InputError
    from csp_data.extracts.workspace import Workspace
    from csp_data.figures.claims import register_report

    if role not in ROLES:
        raise InputError("--role", f"there is no role '{role}'", f"Choose one of: {', '.join(ROLES)}")
    if role == "public":
        raise InputError("--role", "the register is for analysts and partners", "Ask with --role analyst")
    workspace = Workspace(data)
    subject = Subject(workspace.release(partnership, release))
    register = read_file(file) if file else read_register(workspace, partnership)
    judged = judge(register, subject, lambda other: Subject(workspace.release(other)), role)
    unknown = sorted(set(only or ()) - {each.claim.id for each in judged})
    if unknown:
        raise InputError(register.file, f"there is no claim '{unknown[0]}'", "Give the id of a claim in the register")
    chosen = [each for each in judged if not only or each.claim.id in only]
    if as_json:
        typer.echo(json.dumps([each.to_dict() for each in chosen], indent=2, ensure_ascii=False))
        return
    typer.echo(register_report(chosen, register, subject.release.id))
    if subject.release.notice:
        typer.echo(f"{subject.release.notice}.")


@app.command()
def pack(
    partnership: Annotated[str, typer.Option(help="Id of the partnership, such as medway.")],
    out: Annotated[Path, typer.Option(help="File to write; its ending says what: .pptx, .pdf, .docx or .xlsx.")],
    data: WorkspaceOption = "data",
    plan: Annotated[
        str | None, typer.Option(help="Id of the plan, such as 2024-27; the current one without it.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last month of the 12, such as 2026-03.")] = None,
    priorities: Annotated[str, typer.Option(help="Ids of priorities, with commas between; all without it.")] = "",
    wards: Annotated[str, typer.Option(help="Codes of wards to profile, with commas between.")] = "",
    role: Annotated[str, typer.Option(help="Who it is for: public, partner or analyst.", envvar="CSP_ROLE")] = "public",
    paper: Annotated[str, typer.Option(help="a4 or a3; for a PDF also sheet: the data on one page of A3.")] = "a4",
    template: Annotated[Path | None, typer.Option(help="A .pptx whose look the slides take.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Every table, chart and note, for analysts.")] = False,
    release: Annotated[str | None, typer.Option(help="A release other than the current one.")] = None,
) -> None:
    """Write the pack for a meeting: slides with charts to edit, paper, a Word document or a workbook."""
    from csp_data.analysis.subject import Subject
    from csp_data.exports import pack as packs
    from csp_data.extracts import meetings
    from csp_data.extracts.workspace import Workspace
    from csp_data.stories.pack import Choices

    ending = out.suffix.removeprefix(".").lower()
    packs.check(ending, paper, template is not None)
    choices = Choices(plan, end, _listed(priorities), _listed(wards), role, full)
    workspace = Workspace(data)
    subject = Subject(workspace.release(partnership, release))
    record = meetings.read(workspace, partnership, subject.release.id)
    look = template.read_bytes() if template else None
    packs.write(out, packs.pack(subject, choices, ending, look, paper, record=record))
    _out.print(f"Wrote {out}", highlight=False, markup=False)
    if subject.release.notice:
        _out.print(f"{subject.release.notice}.", highlight=False, markup=False)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@app.command()
def demo(out: Annotated[Path, typer.Option(help="Folder to write the demonstration workspace into.")]) -> None:
    """Make the demonstration workspace: synthetic counts for Medway and Maidstone."""
    from csp_data.extracts.demonstration import write_demonstration

    release = write_demonstration(out)[0]
    _out.print(f"Wrote the demonstration, release {release}, into {out}", highlight=False)


def main() -> None:
    """Run a command; tell what is wrong with the input in a sentence, and end with 1."""
    from csp_data.analysis.results import QuestionError
    from csp_data.extracts.problems import InputError

    try:
        app()
    except (InputError, QuestionError) as error:
        _err.print(str(error), style="red", highlight=False, markup=False)
        raise SystemExit(1) from None
    except BrokenPipeError:  # the reader of the output went away, as 'head' does
        os.close(1)
        raise SystemExit(1) from None
    except OSError as error:
        if not error.filename:
            raise
        _err.print(
            f"{str(error.filename)[:200]}: it cannot be used ({error.strerror}). Check the path and who may read it.",
            style="red",
            highlight=False,
            markup=False,
        )
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
