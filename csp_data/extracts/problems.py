"""How trouble with data is told: one sentence that names the file, the row or value, and the remedy."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """One thing found wrong in an extract.

    ``severity`` is ``"stops"`` when the data must not be published as they are, else ``"warning"``.
    """

    file: str
    what: str
    remedy: str
    row: int | None = None
    severity: Literal["stops", "warning"] = "stops"

    def __str__(self) -> str:
        return sentence(self.file, self.row, self.what, self.remedy)


class InputError(Exception):
    """A file that cannot be used, told so that the person who supplied it can mend it.

    ``row`` is the line of the file, counted from 1 with the heading as line 1; ``None`` when the fault
    is not on one line.
    """

    def __init__(self, file: str, what: str, remedy: str, row: int | None = None):
        self.file, self.what, self.remedy, self.row = str(file), what, remedy, row
        super().__init__(sentence(self.file, row, what, remedy))


def sentence(file: str, row: int | None, what: str, remedy: str) -> str:
    place = f"{file}, row {row}" if row is not None else str(file)
    return f"{place}: {what.rstrip('.')}. {remedy.rstrip('.')}."
