"""Values from independent implementations of the methods, where those are at hand beside the project."""

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("CSP_SHARED_VECTORS", Path(__file__).parents[1].parent / "shared" / "vectors"))


def reference(name, **options):
    """One file of reference values; the test that asks is skipped when it is not there. Options as of json.loads."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not there: put the reference values in {FOLDER} or name it in CSP_SHARED_VECTORS")
    return json.loads(path.read_text(), **options)


def close(value):
    return pytest.approx(value, rel=1e-6, abs=1e-9)
