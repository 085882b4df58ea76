"""The letters of paper and of the pictures on it: Lato, and DejaVu Sans for the signs that Lato lacks, such as ▲.

Both come as packages, so that a page is the same on every computer and nothing is fetched.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

FAMILIES = ("Lato", "DejaVu Sans")


@cache
def folders() -> tuple[str, ...]:
    """Where the font files lie."""
    import matplotlib as mpl

    return str(files("font_lato") / "files"), str(Path(mpl.get_data_path()) / "fonts" / "ttf")


@cache
def make_known() -> None:
    """Let matplotlib draw with them: it looks by itself only among the computer's own."""
    from matplotlib import font_manager

    for name in ("Lato-Regular.ttf", "Lato-Bold.ttf"):
        font_manager.fontManager.addfont(str(Path(folders()[0]) / name))
