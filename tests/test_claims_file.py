"""The file of the register: what it may hold, how each fault is told, and changes that leave the rest as it was."""

import os

import pytest

from csp_data.extracts import claims as files
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace

GOOD = """\
# The register of Town.

[[document]]
id = "1"
title = "Assessment"
from = "2019-04"
to = "2020-03"

# The first claim.
[[claim]]
id = "A1"
text = "1,224 crimes"  # as printed
document = "1"
notes = "of the police"

[[claim.value]]
name = "crimes"
printed = "1,224"
ways = [
  { using = "measure", measure = "crime" },
  { using = "printed", sum = "B-2.half * 2" },
]

[[claim]]
id = "B-2"
text = "half"

[[claim.value]]
name = "half"
printed = "612"

[[relation]]
kind = "sum"
parts = ["B-2.half", "B-2.half"]
total = "A1.crimes"
"""


def test_a_register_is_read():
    register = files.parsed(GOOD)
    first = register.claim("A1")
    assert (first.text, first.document, first.row) == ("1,224 crimes", "1", 10)
    assert first.values[0].printed == ("1,224",)
    assert [way["using"] for way in first.values[0].ways] == ["measure", "printed"]
    assert register.documents["1"].start == "2019-04"
    assert register.relations[0].total == "A1.crimes"
    with pytest.raises(KeyError, match="no claim 'Z'"):
        register.claim("Z")


def test_an_empty_file_is_an_empty_register():
    assert files.parsed("").claims == ()


FAULTS = [
    ('id = "B-2"', 'id = "A1"', 24, "claim 'A1' is there twice"),
    ('id = "B-2"', 'id = "B 2"', 24, "'B 2' is no number of a claim"),
    ('id = "B-2"', 'number = "B-2"', 24, "'id' is missing"),
    ('text = "half"', "", 24, "'text' is missing"),
    ('text = "half"', "text = 5", 26, "'text' is no text"),
    ('text = "half"', 'text = "half"\nverdict = "reproduces"', 27, "claim B-2 has 'verdict', which is unknown"),
    ('document = "1"', 'document = "9"', 13, "names the document '9'"),
    ('printed = "612"', "printed = 612", 30, "has no printed text"),
    ('printed = "612"', "printed = []", 30, "has no printed text"),
    ('name = "half"\n', 'name = "Half"\n', 29, "is no name for a value"),
    ('printed = "612"', 'printed = "612"\ntolerance = "a"', 29, "tolerance"),
    ('printed = "612"', 'printed = "612"\nbase = 0', 31, "no whole number above zero"),
    (', measure = "crime" }', " }", 20, "lacks 'measure'"),
    ('using = "measure"', 'using = "magic"', 20, "uses 'magic'"),
    ('measure = "crime" }', 'measure = "crime", colour = "red" }', 20, "has 'colour'"),
    ('measure = "crime" }', 'measure = "crime", statistic = "mean" }', 20, "asks for 'mean'"),
    ('measure = "crime" }', 'measure = "crime", from = "April" }', 20, "'April' of"),
    ("B-2.half * 2", "B-2.half *", 21, "cannot be read"),
    ("B-2.half * 2", "B-2.whole * 2", 21, "which no claim prints"),
    ('kind = "sum"', 'kind = "total"', 32, "no relation 'total'"),
    ('total = "A1.crimes"', 'total = "A1.thefts"', 35, "names 'A1.thefts'"),
    ('total = "A1.crimes"', "", 32, "'total' is missing"),
    ('from = "2019-04"', 'from = "April 2019"', 6, "is no month"),
    ("[[relation]]", "[[relations]]", 32, "'relations' is none of its parts"),
    ("[[document]]", "[[document]", 3, "it is not TOML"),
    ('text = "half"', 'text = "half"\nfrom = "2020-03"\nto = "2019-04"', 24, "no period"),
    ('text = "half"', 'text = "half"\npeople = "yes"', 27, "neither true nor false"),
]


@pytest.mark.parametrize(("good", "bad", "row", "said"), FAULTS)
def test_every_fault_names_the_file_the_line_and_the_remedy(good, bad, row, said):
    assert good in GOOD
    with pytest.raises(InputError) as fault:
        files.parsed(GOOD.replace(good, bad, 1), "town/claims.toml")
    assert said in str(fault.value)
    assert fault.value.row == row
    assert str(fault.value).startswith(f"town/claims.toml, row {row}: ")
    assert str(fault.value).count(". ") >= 1
    assert str(fault.value).endswith(".")


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "claims.toml").write_bytes(b"# fine\n\xff\xfe")
    with pytest.raises(InputError, match="row 2: it is not UTF-8"):
        files.read_file(tmp_path / "claims.toml")
    with pytest.raises(InputError, match="there is no such file"):
        files.read_file(tmp_path / "other.toml")


def test_a_change_leaves_comments_order_and_everything_else():
    changed = files.changed(GOOD, "A1", {"notes": "", "text": "1,225 crimes", "lines": "92"}, {"crimes": "1,225"})
    expected = (
        GOOD.replace('text = "1,224 crimes"', 'text = "1,225 crimes"')
        .replace('notes = "of the police"\n', "")
        .replace('document = "1"\n', 'document = "1"\nlines = "92"\n')
        .replace('printed = "1,224"', 'printed = "1,225"')
    )
    assert changed == expected


def test_changing_nothing_changes_nothing():
    assert files.changed(GOOD, "A1", {"text": "1,224 crimes", "area": ""}, {"crimes": "1,224"}) == GOOD


def test_quotation_marks_and_new_lines_in_a_change_stay_text():
    changed = files.changed(GOOD, "B-2", {"notes": 'say "no"\n[[claim]]'})
    assert files.parsed(changed).claim("B-2").notes == 'say "no" [[claim]]'
    assert len(files.parsed(changed).claims) == 2


@pytest.mark.parametrize(
    ("claim", "changes", "printed", "said"),
    [
        ("Z", {}, {}, "no claim 'Z'"),
        ("A1", {"id": "A2"}, {}, "cannot be changed here"),
        ("A1", {}, {"thefts": "1"}, "no single value"),
        ("A1", {"document": "7"}, {}, "names the document '7'"),
        ("A1", {"from": "soon"}, {}, "is no month"),
        ("A1", {"text": ""}, {}, "'text' is missing"),
    ],
)
def test_a_change_that_would_spoil_the_register_is_refused(claim, changes, printed, said):
    with pytest.raises(InputError) as fault:
        files.changed(GOOD, claim, changes, printed)
    assert said in str(fault.value)


COUNT = {"using": "measure", "measure": "crime"}
NEW = {"id": "N1", "text": 'He said "9%"', "document": "New report", "from": "2019-04", "to": "2020-03"}


def test_a_claim_is_added_behind_the_others_and_leaves_the_rest_as_it_was():
    commented = GOOD.replace("[[relation]]", "# What adds up.\n\n[[relation]]")
    written = files.added(commented, NEW, "9%", "%", {**COUNT, "statistic": "percent_change"})
    document = '[[document]]\nid = "New report"\ntitle = "New report"\n\n'
    claim = (
        '[[claim]]\nid = "N1"\ntext = "He said \\"9%\\""\ndocument = "New report"\nfrom = "2019-04"\nto = "2020-03"\n\n'
        '[[claim.value]]\nname = "number"\nprinted = "9%"\nunit = "%"\n'
        'ways = [{ using = "measure", measure = "crime", statistic = "percent_change" }]\n\n'
    )
    assert written == commented.replace("# The first claim.", document + "# The first claim.").replace(
        "# What adds up.", claim + "# What adds up."
    )
    assert files.parsed(files.changed(written, "N1", {"notes": "mine"})).claim("N1").notes == "mine"


def test_a_register_is_started_with_its_first_claim():
    first = files.added("", NEW, "9%", "", {"using": "nothing", "missing": "the calls"})
    assert first.startswith(files.HEAD)
    second = files.added(first, {**NEW, "id": "N2"}, "1,224", "crimes", COUNT)
    assert second.startswith(first)
    register = files.parsed(second)
    assert [claim.id for claim in register.claims] == ["N1", "N2"]
    assert list(register.documents) == ["New report"]
    assert register.claim("N1").values[0].ways[0] == {"using": "nothing", "missing": "the calls"}
    assert files.free_id(register) == "N3"


@pytest.mark.parametrize(
    ("claim", "printed", "way", "said"),
    [
        ({**NEW, "id": " "}, "9", COUNT, "the number of the claim is empty"),
        ({**NEW, "text": ""}, "9", COUNT, "the text, as printed is empty"),
        (NEW, " ", COUNT, "claim N1 has no number"),
        ({**NEW, "id": "A1"}, "9", COUNT, "'A1' is there already. Give another, such as N1"),
        ({**NEW, "id": "one two"}, "9", COUNT, "is no number of a claim"),
        ({**NEW, "from": "April"}, "9", COUNT, "'April' is no month"),
        ({**NEW, "to": ""}, "9", COUNT, "are no period"),
        (NEW, "9", {"using": "printed", "sum": "Z9.x +"}, "cannot be read"),
        (NEW, "9", {"using": "printed", "sum": "Z9.x"}, "which no claim prints"),
    ],
)
def test_a_claim_that_cannot_be_added_is_refused_in_words(claim, printed, way, said):
    with pytest.raises(InputError) as fault:
        files.added(GOOD, claim, printed, "", way)
    assert said in str(fault.value)


def test_writing_is_whole_or_not_at_all(tmp_path, monkeypatch):
    place = tmp_path / "claims.toml"
    files.write(place, GOOD)
    assert place.read_text() == GOOD
    with pytest.raises(InputError, match="is missing"):
        files.write(place, GOOD.replace('text = "half"', ""))
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        files.write(place, GOOD + "\n# more\n")
    assert place.read_text() == GOOD
    assert [each.name for each in tmp_path.iterdir()] == ["claims.toml"]


def test_somebody_elses_change_is_not_overwritten(tmp_path):
    place = tmp_path / "claims.toml"
    files.write(place, GOOD)
    files.write(place, GOOD + "# theirs\n", GOOD)
    with pytest.raises(InputError, match="changed it meanwhile"):
        files.write(place, GOOD + "# mine\n", GOOD)
    assert place.read_text().endswith("# theirs\n")


def test_the_register_of_a_workspace_is_found_and_may_be_missing(write_town):
    workspace = Workspace(str(write_town()))
    assert files.read_register(workspace, "town").claims == ()
    place = files.local_file(workspace, "town")
    files.write(place, GOOD)
    assert len(files.read_register(workspace, "town").claims) == 2
    assert files.local_file(Workspace("memory://nowhere"), "town") is None
