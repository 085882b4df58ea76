"""An edition keeps a release, its text and its figures for years: as published, beside the latest."""

from dataclasses import replace
from pathlib import Path

import pytest

from csp_data.analysis.editions import beside_latest, headline_figures
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import children
from csp_data.extracts.checks import check_workspace
from csp_data.extracts.editions import add_erratum, edition_named, editions, make_edition, sign, slug_of, text_of
from csp_data.extracts.problems import InputError
from csp_data.extracts.publishing import add_release, withdraw
from csp_data.extracts.workspace import Workspace
from csp_data.stories import releases as story
from tests.two_squares import TOWN, town_manifest, town_tables

FIRST, SECOND = "2019-07-10T090000", "2019-08-10T090000"
SIGNING = replace(TOWN, responsible_authorities=("Town Council", "Town Police"))
TITLE, SLUG = "Strategic Assessment 2019", "strategic-assessment-2019"


def add(workspace: Path, release: str, more: int = 0, rule: str = "open") -> None:
    tables, manifest = town_tables(), town_manifest(release)
    tables["crime"]["count"] += more
    for name in ("crime", "asb"):
        manifest["extracts"][name]["disclosure"] = rule
    add_release(workspace, SIGNING, tables, manifest, name="Ann", publish_at_once=True)


def subject(workspace: Path, release: str | None = None) -> Subject:
    return Subject(Workspace(str(workspace)).release("town", release))


def make(workspace: Path, title: str = TITLE, **texts: bytes):
    named = {f"{name}.md": content for name, content in texts.items()}
    figures = headline_figures(subject(workspace))
    return make_edition(workspace, "town", FIRST, title, named, figures, "Ann", "For the board")


@pytest.fixture
def workspace(tmp_path) -> Path:
    add(tmp_path, FIRST)
    return tmp_path


def refused(act, *asked, **more) -> str:
    with pytest.raises(InputError) as caught:
        act(*asked, **more)
    return str(caught.value)


def kept(workspace: Path):
    return edition_named(Workspace(str(workspace)), "town", SLUG)


def test_an_edition_keeps_release_text_and_figures(workspace):
    made = make(workspace, chapter=b"# Crime")
    assert (made.slug, made.name, made.release, made.problems) == (SLUG, TITLE, FIRST, ())
    assert (made.made.name, made.made.reason, made.made.action) == ("Ann", "For the board", "edition")
    assert list(made.texts) == ["text-chapter.md"]
    assert text_of(Workspace(str(workspace)), "town", made, "text-chapter.md") == b"# Crime"
    assert editions(Workspace(str(workspace)), "town") == [made]


def test_headline_figures_are_totals_rates_and_lines_of_the_latest_months(workspace):
    found = headline_figures(subject(workspace))
    assert [(f["measure"], f["category"], f["per"], f["value"]) for f in found] == [
        ("crime", None, "count", 100),
        ("crime", None, "rate", 100),
        ("crime", "violent-crime", "count", 30),
        ("crime", "burglary", "count", 70),
        ("asb", None, "count", 18),
        ("asb", None, "rate", 18),
    ]
    assert {f["period"] for f in found} == {"April to June 2019"}


def test_headline_figures_of_a_rounded_extract_do_not_tell_which_lines_have_records(tmp_path):
    add(tmp_path, FIRST, rule="rounded")
    asked = {f["category"] for f in headline_figures(subject(tmp_path)) if f["measure"] == "crime"}
    assert asked == {None, *children("crime")}


def test_two_files_of_one_name_are_refused(workspace):
    told = refused(make_edition, workspace, "town", FIRST, TITLE, {"a/x.md": b"1", "b/x.md": b"2"}, [], "Ann", "x")
    assert "two files of the text have the name 'text-x.md'" in told


def test_as_published_beside_the_latest(workspace):
    figures = make(workspace).figures
    same = beside_latest(figures, subject(workspace, FIRST), subject(workspace))
    assert not same["changed"].any()
    assert same["reproduced"].all()
    add(workspace, SECOND, more=1)
    table = beside_latest(kept(workspace).figures, subject(workspace, FIRST), subject(workspace)).set_index(
        ["label", "per"]
    )
    crime = table.loc[("Recorded crime, Town", "count")]
    assert (crime["as_published"], crime["again"], crime["latest"], crime["changed"]) == (100, 100, 103, True)
    asb = table.loc[("ASB incidents, Town", "count")]
    assert (asb["as_published"], asb["latest"], asb["changed"]) == (18, 18, False)
    assert table["reproduced"].all()


def test_the_figures_stay_when_the_release_is_lost(workspace):
    figures = make(workspace).figures
    add(workspace, SECOND, more=1)
    sentence, table = story.as_published(figures, None, subject(workspace))
    assert "cannot be read any more" in sentence
    assert (table["As published"][0], table["Latest"][0], table["Same"][0]) == ("100", "103", "No")


def test_what_the_latest_does_not_hold_is_not_zero(workspace):
    figures = [dict(make(workspace).figures[0]) | {"category": "no-such-line"}]
    table = beside_latest(figures, None, subject(workspace))
    assert table["latest_status"].tolist() == ["not held"]
    assert table["changed"].tolist() == [True]


def test_an_edition_is_never_made_over(workspace):
    make(workspace)
    assert "there is an edition of this name already" in refused(make, workspace, "Strategic assessment: 2019")


def test_what_a_crash_left_of_an_edition_is_none_and_is_made_again(workspace):
    folder = workspace / "town" / "editions" / SLUG
    folder.mkdir(parents=True)
    (folder / "edition.toml").write_text("name = 'half'")
    assert editions(Workspace(str(workspace)), "town") == []
    assert make(workspace).problems == ()


@pytest.mark.parametrize("title", ["", " ", "—"])
def test_an_edition_needs_a_name(workspace, title):
    assert "the edition has no name" in refused(make, workspace, title)


def test_a_candidate_makes_no_edition(workspace):
    add_release(workspace, SIGNING, town_tables(), town_manifest(SECOND), name="Ann")
    told = refused(make_edition, workspace, "town", SECOND, TITLE, {}, [], "Ann", "x")
    assert "the release is 'candidate', not published" in told


@pytest.mark.parametrize(
    ("file", "kept_as"),
    [
        ("../../current", "text-current"),
        ("edition.toml", "text-edition.toml"),
        ("Größe 1.DOCX", "text-groe-1.docx"),
        ("a\\b.md", "text-b.md"),
    ],
)
def test_no_text_can_leave_its_folder(workspace, file, kept_as):
    made = make_edition(workspace, "town", FIRST, TITLE, {file: b"x"}, [], "Ann", "x")
    assert list(made.texts) == [kept_as]
    assert (workspace / "town" / "current").read_text() == f"{FIRST}\n"


def test_each_responsible_authority_signs_once(workspace):
    make(workspace)
    entry = sign(workspace, "town", SLUG, "Di", "Town Police")
    assert (entry.action, entry.authority, entry.edition) == ("sign", "Town Police", SLUG)
    assert story.unsigned(kept(workspace), SIGNING.responsible_authorities) == ["Town Council"]
    assert "Di signed it off for Town Police at 20" in refused(sign, workspace, "town", SLUG, "Ed", "Town Police")
    assert "Choose one of: Town Council, Town Police" in refused(sign, workspace, "town", SLUG, "Ed", "The Mayor")
    assert "there is no such edition" in refused(sign, workspace, "town", "none", "Ed", "Town Police")


def test_errata_are_added_and_change_nothing(workspace):
    before = make(workspace)
    add_erratum(workspace, "town", SLUG, "Di", "Page 3: 5% reads 4%")
    after = kept(workspace)
    assert [entry.reason for entry in after.errata] == ["Page 3: 5% reads 4%"]
    assert (after.figures, after.texts, after.problems) == (before.figures, before.texts, ())


def test_what_was_changed_or_lost_is_told_and_not_signed(workspace):
    make(workspace, chapter=b"# Crime")
    folder = workspace / "town" / "editions" / SLUG
    (folder / "text-chapter.md").write_bytes(b"# Less crime")
    assert "the text of the edition was changed since" in str(kept(workspace).problems[0])
    assert "was changed since" in refused(sign, workspace, "town", SLUG, "Di", "Town Police")
    assert ["the text of the edition was changed" in str(w) for w in check_workspace(str(workspace)).warnings] == [True]
    (folder / "text-chapter.md").unlink()
    assert "the text of the edition is missing" in str(kept(workspace).problems[0])
    (folder / "edition.toml").write_text((folder / "edition.toml").read_text().replace("2019", "2020", 1))
    assert "it was changed since the edition was made" in str(kept(workspace).problems[0])
    (folder / "edition.toml").unlink()
    assert "the file is missing" in str(kept(workspace).problems[0])


def test_a_release_of_an_edition_is_not_withdrawn_silently(workspace):
    make(workspace)
    told = refused(withdraw, workspace, "town", FIRST, "Cy", "x")
    assert f"the release is that of the edition '{TITLE}'" in told
    withdraw(workspace, "town", FIRST, "Cy", "x", despite_editions=True)
    assert Workspace(str(workspace)).release("town").status == "withdrawn"


def test_a_folder_name_is_made_of_the_title():
    assert slug_of("Strategic Assessment 2025/26 – final") == "strategic-assessment-2025-26-final"
    assert len(slug_of("x" * 200)) == 80
