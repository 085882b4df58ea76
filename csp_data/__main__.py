"""The command line: python -m csp_data …"""

import json
import os
from pathlib import Path
from typing import Annotated

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
def build(
    config: Annotated[Path, typer.Argument(help="The CONFIG.toml that names the partnership and its sources.")],
    out: Annotated[Path, typer.Option(help="Folder of the workspace to build into.")],
) -> None:
    """Build a release of one partnership from files as published."""
    from rich.progress import Progress

    from csp_data.extracts.build import build as build_release

    with Progress(console=_err, transient=True) as progress:
        report = build_release(config, out, progress)
    _out.print(report)


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
