"""What tests share: where real open data and the demonstration lie, and a small workspace on disk."""

import functools
import gc
import os
import sys
from pathlib import Path

import pytest

from csp_data.catalogue.partnerships import Partnership
from csp_data.extracts.releases import write_release
from tests.two_squares import TOWN, town_manifest, town_tables

ROOT = Path(__file__).parent.parent

# No test may find somebody's own keys, or wait for a cloud's metadata service.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["MPLBACKEND"] = "Agg"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real open data that no repository may hold."""
    folder = Path(os.environ.get("CSP_SHARED_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not (folder / "police_uk").is_dir():
        pytest.skip(f"no real open data at {folder}: set CSP_SHARED_DATA to the folder that holds police_uk")
    return folder


@pytest.fixture(scope="session")
def demonstration() -> Path:
    """The demonstration workspace as committed."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def full_pack():
    """The pack of the demonstration with every table, chart and note, and the profile of a ward."""
    from csp_data.stories import pack
    from tests.pack_rows import demonstration_subject

    return pack.pack(demonstration_subject(), pack.Choices(wards=("E05014449",), full=True))


@pytest.fixture(scope="session")
def short_pack():
    """The pack of the demonstration as it is by default."""
    from csp_data.stories import pack
    from tests.pack_rows import demonstration_subject

    return pack.pack(demonstration_subject(), pack.Choices())


@pytest.fixture
def write_town(tmp_path):
    """A function that writes the workspace of Town, with tables, manifest or partnership put in the place of the good
    ones, and returns its folder."""

    def write(tables: dict | None = None, manifest: dict | None = None, partnership: Partnership = TOWN) -> Path:
        write_release(tmp_path / "workspace", partnership, tables or town_tables(), manifest or town_manifest())
        return tmp_path / "workspace"

    return write


def pytest_collection_finish() -> None:
    """Streamlit's test runner looks through every installed package for components, for each visit anew, which takes it
    longer than most pages. What is installed does not change meanwhile: once is enough. Tests without pages do not wait
    for Streamlit."""
    if "streamlit.testing.v1" in sys.modules:
        from streamlit.components.v2 import manifest_scanner

        manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


def pytest_sessionfinish() -> None:
    """Pages take what is loaded out of the collector's sight (``ui.cached.settle_memory``). Give it back, or DuckDB
    counts every object of its own as leaked at the end."""
    gc.unfreeze()
