"""The command line: python -m csp_data …"""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

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
