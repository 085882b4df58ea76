"""The register of the demonstration: every claim of the five reports, and the verdict on each, read and agreed by hand.

The reasons stand beside the verdicts. They are not read by the product, which works each out.
"""

import json

import pytest
from typer.testing import CliRunner

from csp_data.__main__ import app
from csp_data.analysis.claims import judge
from csp_data.analysis.subject import Subject
from csp_data.extracts.claims import read_register
from csp_data.extracts.demonstration import _REGISTERS
from csp_data.extracts.workspace import Workspace

R, F, N, C = "reproduces", "follows", "does_not_follow", "cannot_be_checked"
COPY = "the release has it only as printed, and it agrees: the caution says so"
NO_RECORD = "the agency's own record would be needed"

AGREED = {
    "A1": (R, "33,334 in the counts"),
    "A2": (N, "33,334 of the printed 278,566 is 119.6628, so 119.66; ONS's 278,556 gives 119.67, and is another base"),
    "A3": (R, "8th of 57 that responded, 6th the year before, in the table of areas"),
    "A4": (R, "33,334 against 35,088 is -4.999%"),
    "A5": (R, "35,088 / 31,329 and 31,329 / 23,036"),
    "A6": (R, "13,720 against 14,144 is -2.998%"),
    "A7": (R, "5,600 against 6,512 is -14.005%; drug offences fell too"),
    "V1": (C, "the picture is not in the text"),
    "V2": (C, "the picture is not in the text"),
    "V3": (C, "the picture is not in the text"),
    "V4": (R, "all 32 lines are lines of the crime list"),
    "B1": (R, "6,023 in the counts"),
    "B2": (R, "21.6222 on the data's base and 21.6214 on the printed one: both 21.62"),
    "B3": (R, "6,023 - 5,502 = 521"),
    "B4": (N, "521 / 5,502 is 9.469%, so 9%"),
    "B5": (R, "each count is within 50 of its reading"),
    "B6": (R, "each month is within 5 of its reading, though the readings come to 6,060 and not 6,023"),
    "B7": (R, "each share rounds to what is printed, and they come to 100"),
    "B8": (R, "2,891 of 6,023 is 48.0%, and the five wards are the five highest"),
    "C1": (C, NO_RECORD),
    "C2": (C, NO_RECORD),
    "C3": (C, NO_RECORD),
    "D-1": (R, COPY),
    "D-2": (R, COPY),
    "D-3": (R, COPY),
    "D-4": (R, COPY),
    "E1": (R, COPY),
    "E2": (R, COPY),
    "E3": (R, COPY),
    "E4": (R, COPY),
    "F1": (F, "16 + 14 = 30"),
    "F2": (R, COPY),
    "F3": (F, "1 + 1 = 2, and from any number to none is -100%"),
    "F4": (R, COPY),
    "F5": (R, COPY),
    "F6": (R, COPY),
    "F7": (R, COPY),
    "G1": (R, "29, 37 and 5 of 71"),
    "G2": (R, "36, 26 and 8 of 71; as printed they come to 99"),
    "G3": (R, "8 and 50 of 71"),
    "G4": (R, "45, 31 and 31 of 71; three answers each, so they need not come to 100"),
    "H1": (R, "103 and 107 in the survey's table"),
    "H2": (R, "71 and 20 of 103, 75 and 17 of 107; both changes could be chance"),
    "H3": (R, "27 and 51 of 103, 30 and 60 of 107; both changes could be chance"),
    "H4": (R, "82, 75, 73, 68 and 62 of 103"),
    "H5": (R, "72, 45, 41, 40 and 37 of 103"),
    "H6": (R, "81, 54 and 50 of 103"),
    "H7": (N, "108 of 15,800 is 0.68%; no other pair of the numbers gives 0.55% either"),
    "H8": (R, COPY),
    "H9": (R, "both questions of both waves are held with their bases"),
    "I1": (F, "70,973 + 35,487 = 106,460, and a third of it is 35,486.67"),
    "I2": (F, "the awards come to 56,675, which is no more than 70,973"),
    "I3": (N, "the awards come to 36,140, 653 more than the pot of 35,487"),
    "I4": (F, "106,460 - 56,675 - 36,140 = 13,645: what the whole grant has left, not the pot"),
    "I5": (R, COPY),
    "I6": (R, COPY),
    **dict.fromkeys(("J1", "J2", "J3", "J4", "J5", "J6", "J7", "J8", "J9"), (R, COPY)),
    **dict.fromkeys(("K1", "K3"), (C, NO_RECORD)),
    "K2": (C, "the data know neither motorcycles nor garages, and the months are not printed"),
    "L1": (C, NO_RECORD),
    "L2": (C, "the number of cases is not printed"),
    "L3": (R, "Maidstone's counts: 16,947 to 16,312; 2,363 to 2,098; 439 to 500; 159 to 190"),
    "L4": (C, NO_RECORD),
    "M1": (R, "both registers are held as printed"),
    "M2": (R, "the priorities of all three plans are held as printed"),
    "M3": (R, "updates are held by quarter under the four Ps"),
    "M4": (N, "one list has the Integrated Care Partnership, the other the Integrated Care Board"),
    "M5": (C, "page 112, which names the wards, is not among the documents"),
}

CAUTIONS = {
    "A2": {"printed-numbers-disagree"},
    "A5": {"outside-period"},
    "A7": {"causal-words"},
    "B5": {"chart-reading"},
    "B6": {"chart-reading", "sum-does-not-add-up"},
    "C1": {"other-geography"},
    "C2": {"other-geography"},
    "C3": {"other-geography"},
    "D-3": {"base-too-large"},
    "E1": {"base-not-stated", "outside-period", "other-geography"},
    "E2": {"could-identify", "outside-period", "other-geography"},
    "E3": {"other-geography"},
    "E4": {"base-not-stated", "outside-period"},
    "F1": {"outside-period"},
    "F2": {"base-not-stated", "small-base"},
    "F3": {"could-identify", "small-base"},
    "F4": {"base-not-stated"},
    "G1": {"base-not-stated"},
    "G2": {"base-not-stated", "sum-does-not-add-up"},
    "H2": {"within-chance", "base-too-large"},
    "H3": {"within-chance", "base-too-large"},
    "I3": {"sum-does-not-add-up"},
    "I4": {"sum-does-not-add-up"},
    "I6": {"other-geography"},
    "J1": {"outside-period"},
    "J9": {"could-identify", "outside-period"},
    "L2": {"base-not-stated", "other-geography"},
    "L3": {"causal-words", "within-chance"},
}


@pytest.fixture(scope="module")
def judged():
    workspace = Workspace("data")
    register = read_register(workspace, "medway")
    subject = Subject(workspace.release("medway"))
    return {each.claim.id: each for each in judge(register, subject, lambda id: Subject(workspace.release(id)))}


def test_every_claim_of_the_five_reports_is_there_once(judged):
    assert list(judged) == [each.claim.id for each in judged.values()]
    assert set(judged) == set(AGREED)
    assert {each.claim.document for each in judged.values()} == {"000", "001", "002", "003", "004"}
    for each in judged.values():
        assert each.claim.text
        assert each.claim.lines
        assert each.claim.responsible


@pytest.mark.parametrize("id", AGREED)
def test_the_verdict_is_the_one_agreed_by_hand(judged, id):
    assert judged[id].verdict == AGREED[id][0], judged[id].working
    assert judged[id].working
    if AGREED[id][0] == C:
        assert judged[id].missing


@pytest.mark.parametrize("id", CAUTIONS)
def test_the_cautions_are_given(judged, id):
    assert {caution.name for caution in judged[id].cautions} >= CAUTIONS[id]


def test_no_verdict_or_caution_is_written_in_the_file():
    for partnership in ("medway", "maidstone"):
        text = (_REGISTERS / f"{partnership}.toml").read_text(encoding="utf-8")
        keys = {
            line.partition("=")[0].strip() for line in text.splitlines() if not line.startswith("#") and "=" in line
        }
        assert not keys & {"verdict", "cautions", "computed", "working"}


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("A2", "119.66"),
        ("B4", "9%"),
        ("H7", "0.68%"),
        ("I3", "£36,140"),
    ],
)
def test_what_a_claim_would_be_is_said(judged, id, said):
    assert said in judged[id].computed


def test_the_working_tells_the_sums(judged):
    assert "come to 6,060: 37 more than B1.incidents" in "\n".join(judged["B6"].working)
    assert "come to 36,140: 653 more than I1.tactical" in "\n".join(judged["I3"].working)
    assert "all possible only of 71," in "\n".join(judged["G1"].working)
    assert "grant / 3 = 35,486.67" in "\n".join(judged["I1"].working)
    assert "base too large to test at this precision" in "\n".join(judged["H2"].working)


def test_maidstone_has_its_own(demonstration):
    workspace = Workspace(str(demonstration))
    found = judge(read_register(workspace, "maidstone"), Subject(workspace.release("maidstone")))
    assert {each.claim.id: each.verdict for each in found} == dict.fromkeys(("L1", "L2", "L3", "L4", "I5"), R)
    assert "other-geography" not in {caution.name for caution in found[2].cautions}


def test_the_demonstration_carries_the_registers_of_the_package(demonstration):
    for partnership in ("medway", "maidstone"):
        held = (demonstration / partnership / "claims.toml").read_bytes()
        assert held == (_REGISTERS / f"{partnership}.toml").read_bytes()


def test_the_command_prints_words_or_json(demonstration):
    def run(*more: str):
        return CliRunner().invoke(app, ["claims", "--partnership", "medway", "--data", str(demonstration), *more])

    told = run()
    assert told.exit_code == 0
    assert "B4  ✕ Does not follow" in told.output
    assert "Demonstration data" in told.output
    listed = json.loads(run("--json").output)
    assert {each["id"]: each["verdict"] for each in listed} == {id: verdict for id, (verdict, _) in AGREED.items()}
    assert {"id", "verdict", "cautions", "printed", "computed", "working"} <= set(listed[0])
    assert [each["id"] for each in json.loads(run("--json", "--id", "B4").output)] == ["B4"]
    assert run("--id", "Z9").exit_code == 1
    assert run("--role", "public").exit_code == 1


def test_the_command_takes_another_register(demonstration, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        '[[claim]]\nid = "Q1"\ntext = "t"\n[[claim.value]]\nname = "n"\nprinted = "12,345"\n'
        'ways = [{ using = "measure", measure = "crime", from = "2018-04", to = "2019-03" }]\n'
    )
    told = CliRunner().invoke(
        app, ["claims", "--partnership", "medway", "--data", str(demonstration), "--claims", str(file), "--json"]
    )
    (claim,) = json.loads(told.output)
    assert (claim["verdict"], claim["computed"]) == ("does_not_follow", "35,088")
