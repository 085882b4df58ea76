"""What a pack holds: chosen as asked, the same as the pages, nothing withheld, and written whole from the command line."""

import sys
from dataclasses import replace
from itertools import pairwise

import pytest

from csp_data import __main__ as command_line
from csp_data.analysis import results
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question, QuestionError
from csp_data.exports import pack as packs
from csp_data.extracts.meetings import Entry, Kept
from csp_data.extracts.problems import InputError
from csp_data.figures import wording
from csp_data.stories import breakdown, meeting, priorities, trends
from csp_data.stories import pack as story
from csp_data.stories.pack import Choices
from tests.pack_rows import HIDDEN_REPORTED, demonstration_subject, protected_town

WARD = "E05014449"
YEAR = Question("crime", "2025-04", "2026-03", compare="previous-year")


@pytest.fixture(scope="module")
def medway():
    return demonstration_subject("medway")


@pytest.fixture(scope="module")
def made(medway):
    return story.pack(medway, Choices(wards=(WARD,), full=True))


@pytest.fixture(scope="module")
def short(medway):
    return story.pack(medway, Choices(wards=(WARD,)))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return protected_town(tmp_path_factory.mktemp("town") / "workspace")


def text_of(pack):
    """Every word and table cell of a pack."""
    found = [*pack.footer, pack.title, pack.period]
    for sheet in pack.sheets:
        found += [sheet.title, sheet.section, *sheet.sentences, *sheet.cautions, *sheet.notes, *sheet.sources]
        found += [cell for table in sheet.tables for cells in table.columns.values() for cell in cells]
        for chart in sheet.charts:
            found += [chart.title, chart.subtitle, chart.alt, chart.source, *chart.notes, chart.figure.to_json()]
            found += chart.table.to_numpy().ravel().tolist()
    return "\n".join(found)


def sections(pack):
    return [sheet.section.partition(":")[0] for sheet in pack.sheets]


# What is in it


def test_the_sheets_come_in_the_order_of_a_meeting(made):
    assert sections(made) == [
        "Data on a page", "Priority 1 of 4", "Priority 2 of 4", "Priority 3 of 4", "Priority 4 of 4", "Recorded crime",
        "Recorded crime by type", "ASB incidents", "ASB incidents by type", "Wards compared", "Ward profile",
        "Drug and alcohol treatment", *["Compared with other areas"] * 4, "Survey", "Methods, dates and sources",
    ]  # fmt: skip


def test_a_short_pack_has_one_sheet_a_subject(short):
    assert sections(short) == [
        "Data on a page", "Priority 1 of 4", "Priority 2 of 4", "Priority 3 of 4", "Priority 4 of 4", "Recorded crime",
        "Recorded crime by type", "ASB incidents", "ASB incidents by type", "Wards", "Ward profile",
        "Drug and alcohol treatment", "Compared with other areas", "Survey", "Methods, dates and sources",
    ]  # fmt: skip


def test_a_priority_in_short_has_message_chart_signals_target_and_update(medway, short):
    sheet = next(sheet for sheet in short.sheets if sheet.section.startswith("Priority 2"))
    told = priorities.together(
        priorities.measured(medway, "2024-27", "anti-social-behaviour", YEAR),
        priorities.standing(medway, "2024-27", "anti-social-behaviour", "public"),
    )
    assert sheet.title == "2. Tackle anti-social behaviour: all ASB incidents similar to a year before"
    assert sheet.sentences[0] == meeting.message(told)
    assert sheet.sentences[1] == "Target: all ASB incidents, at most 450 ASB incidents a month: ? ◆ may hit or miss."
    (table,) = sheet.tables
    assert table.name == "Tackle anti-social behaviour: 3 of 6 figures"
    assert table.rows[0] == (
        "All ASB incidents", told.rows[0].value, "Similar: 1.4% lower, within chance", "L ▼ lower than usual", "Year to Mar 2026",
    )  # fmt: skip
    assert [chart.kind for chart in sheet.charts] == ["control chart"]
    assert [update.heading for update in sheet.updates] == ["Prepare", "Protect", "Prevent"]
    assert sheet.of_updates == "What agencies did, October to December 2024"
    assert "No update: pursue." in sheet.notes


def test_a_short_trend_says_how_many_months_of_how_many_it_shows(medway, short, made):
    in_short, in_full = (next(s for s in each.sheets if s.section == "Recorded crime") for each in (short, made))
    assert "The chart shows the latest 60 months; the page Trends shows all 144." in in_short.sentences[0]
    assert len(in_short.charts[0].table) == 60
    whole = Span("2014-04", "2026-03")
    assert in_full.charts[0].table.equals(trends.monthly_line(medway, YEAR, whole).table), "as the page Trends"
    assert "latest 60 months" not in "".join(in_full.sentences)


def test_a_short_comparison_with_other_areas_names_what_it_leaves_out(short, made):
    sheet = next(sheet for sheet in short.sheets if sheet.section.startswith("Compared"))
    assert sheet.title == "Medway: 15th highest rate of recorded crimes"
    assert sheet.sentences[-1] == (
        "The page Compared with other areas also has: recorded crimes, Similar areas; ASB incidents, Unitary authorities; "
        "ASB incidents, Similar areas."
    )
    assert [s.section.partition(": ")[2] for s in made.sheets if s.section.startswith("Compared")] == [
        "Unitary authorities", "Similar areas", "Unitary authorities", "Similar areas",
    ]  # fmt: skip


def test_methods_stand_at_the_end_of_a_short_pack_and_what_a_chart_needs_stays_with_it(short):
    own = [note for sheet in short.sheets[:-1] for chart in sheet.charts for note in chart.notes]
    assert not [note for note in own if note.startswith(("Limits are", "Residents", "Parts of the counts"))]
    assert "The scale does not start at 0." in own
    assert "Not on the map: 280 recorded crimes not allocated to a ward." in own
    end = short.sheets[-1].notes
    assert any("Parts of the counts of 21 wards were estimated" in note for note in end)
    assert any(note.startswith("Signals: H ▲") for note in end)
    assert any(note.startswith("Targets: P ✓") for note in end)


def test_types_in_short_name_those_that_changed_by_more_than_chance(short):
    sheet = next(sheet for sheet in short.sheets if sheet.section == "Recorded crime by type")
    assert sheet.sentences == (
        "Compared with April 2024 to March 2025, by more than chance: violent crime 5.4% lower, theft and handling (not "
        "vehicles) 6.8% lower, vehicle crime 9.6% lower and burglary 10.4% lower.",
        "2 of 6 types are similar to then.",
    )


def said_at_a_meeting(kind, text, who="", day="2026-05-12", id="1"):
    return Entry("2026-05-12T10:00:00Z", "overview", "Data on a page", kind, text, who, day, id)


def test_decisions_actions_and_notes_of_meetings_are_a_sheet_for_those_who_may_read_them(medway):
    record = Kept(
        (
            said_at_a_meeting("note", "Ask again in July.", id="1"),
            said_at_a_meeting("decision", "Fund\nthe lights.", "The chair", id="2"),
            said_at_a_meeting("action", "Write to the board.", "A. Smith", "2026-02-03", id="3"),
        ),
        damaged=1,
    )
    found = story.pack(medway, Choices(role="partner"), record=record)
    sheet = found.sheets[1]
    assert sheet.section == "Meetings"
    assert sheet.sentences == (
        "Typed in Meeting mode, about the data release of 30 April 2026: 1 decision, 1 action and 1 note.",
    )
    assert sheet.cautions == ("1 entry could not be read.",)
    assert [table.name for table in sheet.tables] == ["Meeting of 12 May 2026", "Meeting of 3 February 2026"]
    assert sheet.tables[0].rows == [
        ("Decision", "Fund the lights.", "Data on a page", "The chair"),
        ("Note", "Ask again in July.", "Data on a page", "–"),
    ]
    public = story.pack(medway, Choices(), record=record)
    assert "Meetings" not in sections(public)
    assert "Fund the lights" not in text_of(public)
    assert "Meetings" not in sections(story.pack(medway, Choices(role="partner")))


def test_every_page_says_whose_state_dates_and_choices(made):
    whose, dates, chosen = made.footer
    assert whose == (
        "Medway Community Safety Partnership. Demonstration data: synthetic, calibrated to published totals; ward "
        "boundaries approximate."
    )
    assert dates == "Data to March 2026. Data release of 30 April 2026 (demonstration)."
    assert chosen == (
        "Shown: Medway, April 2025 to March 2026, compared with April 2024 to March 2025; Community Safety Plan 2024 to "
        "2027, all priorities; wards: All Saints; for: public."
    )


def test_the_figures_are_those_of_the_pages(medway, made):
    question = YEAR
    by_section = {sheet.section: sheet for sheet in made.sheets}
    crime = by_section["Recorded crime"]
    assert wording.sentence(results.answer(medway, question)).replace("**", "") in crime.sentences
    assert crime.tables[0].columns == {
        name: tuple(cells) for name, cells in trends.like_with_like(medway, question).columns.items()
    }
    parts = breakdown.parts(medway, question)
    assert by_section["Recorded crime by type"].charts[0].table.equals(parts.table)
    told = priorities.together(
        priorities.measured(medway, "2024-27", "reducing-reoffending", question),
        priorities.standing(medway, "2024-27", "reducing-reoffending", "public"),
    )
    own = by_section["Priority 4 of 4: Reduce reoffending"].tables[0].columns
    assert [cell.partition(" (")[0] for cell in own["Latest"]] == [row.value for row in told.rows]
    assert list(own["Change"]) == [row.short_change for row in told.rows]
    assert list(own["Signal"]) == [row.signal.text for row in told.rows]


def test_what_holds_for_several_charts_is_said_once_in_the_notes(made):
    charts = [chart for sheet in made.sheets for chart in sheet.charts]
    said = [note for chart in charts for note in chart.notes] + [note for sheet in made.sheets for note in sheet.notes]
    said = [note for note in said if note.startswith(("Limits are", "Signals: H", "Residents", "Before each ward"))]
    assert len(said) == len(set(said)) > 3
    assert any(note.startswith("Signals: H ▲") for note in made.sheets[-1].notes)
    assert any(note.startswith("Signals: H ▲") for note in made.overview.notes), "the sheet of its own keeps its key"


def test_what_speaks_of_one_chart_stays_with_it(medway, made):
    question = Question("crime", "2025-04", "2026-03", compare="previous-year")
    control = trends.control_chart(medway, question, Span("2023-04", "2026-03"), "count", (), True)
    own = [note for note in control.notes if note.startswith(("▲", "▼", "A: "))]
    kept = next(sheet for sheet in made.sheets if sheet.section == "Recorded crime").charts[1]
    assert own
    assert [note for note in kept.notes if note in own] == own
    assert not [note for note in made.sheets[-1].notes if note.startswith(("▲", "▼", "A: ", "Note ", "Target:"))]


def test_no_cell_of_a_table_is_empty_and_no_marks_of_markdown_are_left(made):
    for sheet in made.sheets:
        for table in sheet.tables:
            assert len({len(cells) for cells in table.columns.values()}) == 1
            assert all(cell.strip() for cells in table.columns.values() for cell in cells)
        assert "**" not in "".join([sheet.title, *sheet.sentences, *sheet.cautions, *sheet.notes])


# Choosing


def test_priorities_plan_and_month_are_as_chosen(medway):
    found = story.pack(medway, Choices(plan="2020-24", to="2023-03", priorities=("listening",)))
    assert [each for each in sections(found) if each.startswith("Priority")] == ["Priority 4 of 4"]
    assert found.period == "April 2022 to March 2023"
    assert "Community Safety Plan 2020 to 2024, priorities: Listening" in found.filters


def test_the_plan_is_the_one_of_the_last_month(medway):
    assert "Community Safety Plan 2016 to 2020" in story.pack(medway, Choices(to="2019-03")).filters


def test_a_comparison_that_the_data_do_not_allow_is_not_claimed(medway):
    assert "not compared, because the data do not hold all of" in story.pack(medway, Choices(to="2015-03")).filters


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        (Choices(plan="1999"), "There is no plan '1999' in this release. There is: 2024-27, 2020-24, 2016-20."),
        (Choices(to="2031-01"), "The data hold no month '2031-01'. Choose one from 2014-04 to 2026-03"),
        (Choices(to="soon"), "The data hold no month 'soon'"),
        (Choices(priorities=("peace",)), "Community Safety Plan 2024 to 2027 has no priority 'peace'"),
        (Choices(wards=("E05999999",)), "Medway has no ward 'E05999999'"),
        (Choices(role="king"), "There is no role 'king'. Choose one of: public, partner, analyst."),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(medway, choices, told):
    with pytest.raises(QuestionError) as raised:
        story.pack(medway, choices)
    assert told in str(raised.value)


def test_progress_goes_from_nothing_towards_all(medway):
    heard = []
    packs.pack(medway, Choices(priorities=("reducing-reoffending",)), "pptx", progress=lambda *said: heard.append(said))
    shares = [share for _, share in heard]
    assert shares[0] == 0
    assert shares[-1] == 1
    assert all(now <= after for now, after in pairwise(shares))
    assert "Reduce reoffending" in [what for what, _ in heard]


# Nothing withheld


def test_the_public_gets_no_figure_that_the_pages_withhold(town):
    for full in (False, True):
        said = text_of(story.pack(town, Choices(wards=("E05000003",), full=full)))
        for number in ("9,206", "9206", "9,192", "9192", "6,173", str(HIDDEN_REPORTED), "2,298", "4,598", "6,902"):
            assert number not in said
        assert "[c]" in said


def test_an_analyst_gets_the_figures_and_every_page_says_so(town):
    pack = story.pack(town, Choices(role="analyst"))
    assert "9,206" in text_of(pack)
    assert "6,173" in text_of(pack)
    assert "Not for publication" in pack.footer[-1]


# From the command line


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["csp_data", "pack", *map(str, arguments)])
    command_line.main()


def test_the_command_writes_a_file(monkeypatch, tmp_path, demonstration):
    out = tmp_path / "pack.pptx"
    with pytest.raises(SystemExit) as ended:
        run(
            monkeypatch, "--partnership", "maidstone", "--data", demonstration, "--out", out, "--to", "2020-03",
        )  # fmt: skip
    assert ended.value.code == 0
    assert out.read_bytes()[:2] == b"PK"
    assert [file.name for file in tmp_path.iterdir()] == ["pack.pptx"], "nothing half made is left"


@pytest.mark.parametrize(
    ("out", "more", "told"),
    [
        ("pack.txt", [], "no pack can be written with this ending"),
        ("pack", [], "no pack can be written with this ending"),
        ("pack.docx", ["--paper", "sheet"], "there is no such paper for this format"),
        ("pack.pdf", ["--paper", "a9"], "there is no such paper for this format"),
        ("pack.pptx", ["--wards", "E05999999"], "has no ward 'E05999999'"),
    ],
)
def test_the_command_tells_what_is_wrong_and_leaves_no_file(
    monkeypatch, capsys, tmp_path, demonstration, out, more, told
):
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "--partnership", "medway", "--data", demonstration, "--out", tmp_path / out, *more)
    assert ended.value.code == 1
    assert told in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.iterdir()) == []


def test_a_template_is_for_slides_only():
    with pytest.raises(InputError, match="only slides can take a template"):
        packs.check("pdf", template=True)


def test_a_file_is_written_whole_or_not_at_all(monkeypatch, tmp_path):
    file = tmp_path / "pack.pdf"
    file.write_bytes(b"the old one")

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packs.os, "replace", fails)
    with pytest.raises(InputError, match="No space left on device"):
        packs.write(file, b"the new one")
    assert file.read_bytes() == b"the old one"
    assert [each.name for each in tmp_path.iterdir()] == ["pack.pdf"]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="it cannot be written"):
        packs.write(tmp_path / "nowhere" / "pack.pdf", b"")


def test_every_name_of_a_file_says_whose_and_until_when():
    assert packs.file_name("medway", "2026-03", "pptx") == "medway-pack-2026-03.pptx"
    assert packs.file_name("medway", "2026-03", "pdf", "sheet") == "medway-data-on-a-page-2026-03.pdf"


def test_a_release_without_a_plan_has_no_sheet_of_priorities(town):
    contents = replace(story.pack(town, Choices()), overview=None)
    with pytest.raises(ValueError, match="no Community Safety Plan"):
        packs.written(contents, "pdf", paper="sheet")


def test_a_group_is_told_what_is_missing_and_not_how_a_release_is_built(town):
    said = text_of(story.pack(town, Choices()))
    assert "This release has no ledger of grants." in said
    assert "to its build" not in said


def test_the_word_source_is_said_once(short):
    assert any(text.startswith("Office for National Statistics licensed") for text in short.sheets[-1].sources)
    assert not any(text.startswith("Source:") for text in short.sheets[-1].sources)
