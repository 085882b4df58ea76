"""The shape of the code, held by rules. Each rule is tried on a planted violation as well, so that it can fail."""

import ast
import functools
import graphlib
import re
import subprocess
import sys
from collections.abc import Collection
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = (
    "csp_data.catalogue",
    "csp_data.extracts",
    "csp_data.analysis",
    "csp_data.figures",
    "csp_data.stories",
    "csp_data.exports",
    "csp_data.ui",
    "pages",
)
"""From the bottom to the top: a module may import its own layer and those before it. app.py is of the last."""

PAGE_LINES = 60
VAGUE_NAMES = {"util", "utils", "utilities", "helper", "helpers", "common", "commons", "manager", "managers", "misc"}
NOT_IN_PAGES = {"pandas", "plotly", "geopandas", "numpy"}


# The rules: each takes the folder of the project and gives the violations, in words


def wrong_direction(root: Path) -> list[str]:
    found = []
    for file in code(root):
        own = module(root, file)
        for imported in imports(file, own):
            if layer(imported) == len(LAYERS):
                found.append(f"{own} imports {imported}: nothing imports a page")
            elif imported.split(".")[:2] == ["csp_data", "__main__"]:
                found.append(f"{own} imports {imported}: nothing imports the command line")
            elif own != "csp_data.__main__" and (layer(imported) or 0) > (layer(own) or 0):
                found.append(f"{own} imports {imported}, which lies above it")
    return found


def circles(root: Path) -> list[str]:
    """Modules that import each other, straight or through others, even inside a function."""
    own = {module(root, file): file for file in code(root)}
    graph = {
        name: {found for imported in imports(file, name) if (found := nearest(imported, own)) and found != name}
        for name, file in own.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [" imports ".join(reversed(error.args[1]))]
    return []


def streamlit_outside_ui(root: Path) -> list[str]:
    allowed = ("csp_data.ui", "pages", "app")
    return [
        f"{module(root, file)} imports {imported}"
        for file in code(root)
        for imported in imports(file, module(root, file))
        if imported.split(".")[0] == "streamlit" and not within(module(root, file), allowed)
    ]


def pages_that_compute(root: Path) -> list[str]:
    found = []
    for file in sorted((root / "pages").glob("*.py")):
        tree = ast.parse(file.read_text())
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        found += [f"{file.name} defines a function or class" for node in ast.walk(tree) if isinstance(node, kinds)]
        found += [
            f"{file.name} imports {imported}"
            for imported in imports(file, f"pages.{file.stem}")
            if imported.split(".")[0] in NOT_IN_PAGES
        ]
        if len(file.read_text().splitlines()) > PAGE_LINES:
            found.append(f"{file.name} has more than {PAGE_LINES} lines")
    return found


def vague_names(root: Path) -> list[str]:
    files = [*code(root), *sorted((root / "tests").rglob("*.py"))]
    return [
        str(file.relative_to(root))
        for file in files
        if VAGUE_NAMES & set(re.split(r"[/_.]", str(file.relative_to(root).with_suffix(""))))
    ]


MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:home|Users|root|work|tmp|mnt|srv)/[\w.-]|\b[A-Z]:\\\\?[A-Za-z]")
"""A path that holds on one machine only."""


def machine_paths(root: Path, files: list[str]) -> list[str]:
    found = []
    for name in files:
        content = (root / name).read_bytes() if (root / name).is_file() else b""
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
            if MACHINE_PATH.search(line):
                found.append(f"{name}, line {number}: {line.strip()[:100]}")
    return found


def undeclared_packages(root: Path) -> list[str]:
    """Packages that the code imports and requirements.txt does not name, and the same for the tests."""
    run = declared(root / "requirements.txt")
    test = run | declared(root / "tests" / "requirements.txt")
    distributions = packages_distributions()
    found = []
    for files, names, file_name in (
        (code(root), run, "requirements.txt"),
        (sorted((root / "tests").rglob("*.py")), test, "tests/requirements.txt"),
    ):
        for file in files:
            for imported in imports(file, module(root, file)):
                top = imported.split(".")[0]
                if top in sys.stdlib_module_names or top in {"csp_data", "tests", "app", "pages"}:
                    continue
                if (file.parent / f"{top}.py").exists():
                    continue
                if not {normal(name) for name in distributions.get(top, [top])} & names:
                    found.append(f"{file.relative_to(root)} imports {top}, which {file_name} does not name")
    return sorted(set(found))


# What the rules stand on


def code(root: Path) -> list[Path]:
    return [
        *sorted((root / "csp_data").rglob("*.py")),
        *sorted((root / "pages").glob("*.py")),
        *(file for file in [root / "app.py"] if file.exists()),
    ]


def module(root: Path, file: Path) -> str:
    parts = list(file.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path, own: str) -> list[str]:
    """Everything a file imports, at its top or inside a function, as full names."""
    package = own if file.name == "__init__.py" else own.rpartition(".")[0]
    found = []
    for node in import_statements(file.read_text()):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        else:
            start = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                start = ".".join([*above, *filter(None, [node.module])])
            found += [f"{start}.{alias.name}" for alias in node.names]
    return found


@functools.cache
def import_statements(content: str) -> list[ast.Import | ast.ImportFrom]:
    """Kept, for several rules ask for those of every file."""
    return [node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Import | ast.ImportFrom)]


def nearest(imported: str, modules: Collection[str]) -> str | None:
    """The module that a full name is of: itself or what it lies in. None for a name outside of the project."""
    while imported and imported not in modules:
        imported = imported.rpartition(".")[0]
    return imported or None


def layer(name: str) -> int | None:
    """Height of a module's layer; ``None`` for a module that belongs to none."""
    if name == "app" or within(name, ("pages",)):
        return len(LAYERS)
    return next((height for height, each in enumerate(LAYERS, start=1) if within(name, (each,))), None)


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def declared(file: Path) -> set[str]:
    lines = (re.split(r"[=<>!\[; ]", line)[0] for line in file.read_text().splitlines())
    return {normal(name) for name in lines if name and not name.startswith(("#", "-"))}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# The project keeps the rules


RULES = [wrong_direction, circles, streamlit_outside_ui, pages_that_compute, vague_names, undeclared_packages]


@pytest.mark.parametrize("rule", RULES)
def test_the_project_keeps_the_rule(rule):
    assert rule(ROOT) == []


def test_no_tracked_file_names_a_path_of_one_machine():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is not a git checkout, so there is no list of tracked files")
    assert machine_paths(ROOT, listed.stdout.rstrip("\0").split("\0")) == []


def test_every_folder_of_the_package_is_a_layer():
    folders = {f"csp_data.{file.parent.name}" for file in (ROOT / "csp_data").glob("*/__init__.py")}
    assert folders | {"pages"} == set(LAYERS)


# Each rule fails on a planted violation


@pytest.fixture
def plant(tmp_path):
    """A function that writes a file into an otherwise good project, and returns the project's folder."""
    good = {
        "app.py": "from csp_data.ui import layout\n",
        "pages/trends.py": "import streamlit as st\n\nfrom csp_data.ui import layout\n\nst.write(layout)\n",
        "csp_data/__init__.py": "",
        "csp_data/__main__.py": "import typer\nfrom csp_data.ui import layout\n",
        "csp_data/ui/layout.py": "import streamlit\nfrom csp_data.figures import charts\n",
        "csp_data/figures/charts.py": "import plotly\nfrom csp_data.catalogue.measures import MEASURES\n",
        "csp_data/extracts/releases.py": "import pandas\n",
        "csp_data/catalogue/measures.py": "MEASURES = {}\n",
        "requirements.txt": "# The app\nstreamlit==1\npandas==3\nplotly==7\ngeopandas==1\ntyper==0\n",
        "tests/requirements.txt": "pytest==9\n",
        "tests/test_one.py": "import pytest\nfrom csp_data.ui import layout\n",
    }

    def write(name: str, content: str) -> Path:
        for each, text in (good | {name: content}).items():
            file = tmp_path / each
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize("rule", RULES)
def test_a_good_project_has_no_violation(plant, rule):
    assert rule(plant("csp_data/analysis/rates.py", "from csp_data.extracts import releases\n")) == []


@pytest.mark.parametrize(
    ("rule", "name", "content"),
    [
        (wrong_direction, "csp_data/catalogue/offences.py", "from csp_data.extracts import releases\n"),
        (wrong_direction, "csp_data/extracts/checks.py", "import csp_data.analysis.rates\n"),
        (wrong_direction, "csp_data/analysis/rates.py", "from csp_data import figures\n"),
        (wrong_direction, "csp_data/figures/maps.py", "def draw():\n    from csp_data.ui import layout\n"),
        (wrong_direction, "csp_data/figures/maps.py", "from ..exports import tables\n"),
        (wrong_direction, "csp_data/exports/tables.py", "from csp_data.ui.layout import run\n"),
        (wrong_direction, "csp_data/ui/cached.py", "from pages import trends\n"),
        (wrong_direction, "pages/overview.py", "from pages import trends\n"),
        (wrong_direction, "csp_data/ui/cached.py", "from csp_data.__main__ import app\n"),
        (circles, "csp_data/catalogue/measures.py", "def draw():\n    from csp_data.figures import charts\n"),
        (streamlit_outside_ui, "csp_data/figures/maps.py", "import streamlit as st\n"),
        (streamlit_outside_ui, "csp_data/__main__.py", "def run():\n    from streamlit.web import cli\n"),
        (pages_that_compute, "pages/overview.py", "def show():\n    pass\n"),
        (pages_that_compute, "pages/overview.py", "show = lambda: 1\n"),
        (pages_that_compute, "pages/overview.py", "class Page:\n    pass\n"),
        (pages_that_compute, "pages/overview.py", "import pandas as pd\n"),
        (pages_that_compute, "pages/overview.py", "from plotly import graph_objects\n"),
        (pages_that_compute, "pages/overview.py", "import geopandas\n"),
        (pages_that_compute, "pages/overview.py", "x = 1\n" * (PAGE_LINES + 1)),
        (vague_names, "csp_data/ui/utils.py", ""),
        (vague_names, "csp_data/helpers/dates.py", ""),
        (vague_names, "csp_data/extracts/release_manager.py", ""),
        (vague_names, "tests/common.py", ""),
        (undeclared_packages, "csp_data/figures/maps.py", "import pytest\n"),
        (undeclared_packages, "csp_data/figures/maps.py", "import nosuchpackage.inner\n"),
        (undeclared_packages, "tests/test_two.py", "import ruff\n"),
    ],
)
def test_a_violation_is_found(plant, rule, name, content):
    assert len(rule(plant(name, content))) == 1


@pytest.mark.parametrize("folder", ["home/ann", "Users/ann", "root", "work", "tmp"])
def test_a_path_of_one_machine_is_found(tmp_path, folder):
    (tmp_path / "settings.toml").write_text(f'a = 1\ndata = "/{folder}/dashboard"\n')
    (tmp_path / "picture.png").write_bytes(f"\0/{folder}/dashboard".encode())
    (found,) = machine_paths(tmp_path, ["settings.toml", "picture.png"])
    assert found.startswith("settings.toml, line 2: ")


def test_a_drive_letter_is_found(tmp_path):
    (tmp_path / "README.md").write_text("C:" + "\\Users\\ann\n")
    assert len(machine_paths(tmp_path, ["README.md"])) == 1


def test_addresses_and_relative_paths_are_no_machine_paths(tmp_path):
    (tmp_path / "README.md").write_text(
        "https://www.gov.uk/home/page data/work/x ../tmp/y ~/work/z s3://bucket/tmp/x\n"
    )
    assert machine_paths(tmp_path, ["README.md"]) == []
