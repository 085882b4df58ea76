"""Indicators as published: Fingertips, NDTMS ViewIt, plain tables with the shorthand of official statistics."""

import pandas as pd
import pytest

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.contracts import problems_of
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.fingertips import read_fingertips, unit_of
from csp_data.extracts.sources.ndtms import read_ndtms
from csp_data.extracts.sources.published_table import read_published_table

FINGERTIPS = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,"
    "Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,"
    "Value note,Recent Trend,Compared to England value or percentiles,Column not used,Time period Sortable,New data,"
    "Compared to goal,Time period range\n"
)
VIEWIT = "ReportingPeriod,Area,sex,age_group,drug_group,intreatment_allintx,newpresentation_newtx\n"


def fingertips(
    number="93517", area="E06000999", period="2018/19", value="52.5", low="26.4", high="65.2", count="1352.3", sex="Persons",
    age="15-64 yrs", category="", note="", parent="E92000001", name="Users not in treatment (%)",
) -> str:  # fmt: skip
    return (
        f'{number},"{name}",{parent},England,{area},Anytown,UA,{sex},{age},,{category},{period},{value},{low},{high},,,'
        f"{count},2585.3,{note},,Not compared,Not compared,20180000,,,1y\n"
    )


def write(tmp_path, text: str, name: str = "published.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def of_fingertips(tmp_path, *rows: str) -> pd.DataFrame:
    return read_fingertips(write(tmp_path, FINGERTIPS + "".join(rows))).table


def refused(read, *arguments) -> str:
    with pytest.raises(InputError) as caught:
        read(*arguments)
    return str(caught.value)


def keeps_contract(table: pd.DataFrame) -> bool:
    return problems_of(table.drop(columns="row"), DATASETS["indicators"], "indicators.parquet") == []


# --- Fingertips -------------------------------------------------------------------------------------------------


def test_a_row_of_fingertips(tmp_path):
    table = of_fingertips(tmp_path, fingertips())
    row = table.iloc[0]
    assert row[["indicator", "area_code", "area_type", "group", "unit", "value_status"]].tolist() == [
        "unmet-need-opiate-crack",
        "E06000999",
        "district",
        "",
        "%",
        "available",
    ]
    assert row[["value", "lower", "upper", "numerator", "denominator"]].tolist() == [52.5, 26.4, 65.2, 1352.3, 2585.3]
    assert (row["period_start"], row["period_end"]) == (pd.Timestamp("2018-04-01"), pd.Timestamp("2019-03-01"))
    assert row["label"] == "Opiate and crack users not in treatment"
    assert keeps_contract(table)


def test_three_years_and_an_indicator_without_an_entry(tmp_path):
    row = of_fingertips(tmp_path, fingertips("40501", period="2018 - 20", name="Deaths per 100,000")).iloc[0]
    assert row[["indicator", "label", "unit"]].tolist() == ["fingertips-40501", "Deaths per 100,000", "per 100,000"]
    assert (row["period_start"], row["period_end"]) == (pd.Timestamp("2018-01-01"), pd.Timestamp("2020-12-01"))


def test_a_value_left_out_takes_its_count_and_interval_with_it(tmp_path):
    table = of_fingertips(
        tmp_path,
        fingertips(value="", note="Value suppressed for disclosure control due to small count"),
        fingertips(value="", period="2019/20", note="Value not calculated"),
        fingertips(value="0", period="2020/21", count="0", low="0", high="3.1"),
    )
    assert table["value_status"].tolist() == ["withheld", "missing", "available"]
    assert table[["lower", "upper", "numerator", "denominator"]].iloc[:2].isna().all(axis=None)
    assert table["value"].tolist()[2] == 0.0
    assert keeps_contract(table)


def test_groups_are_sex_category_and_age_where_there_are_several(tmp_path):
    table = of_fingertips(
        tmp_path,
        fingertips(),
        fingertips(sex="Male"),
        fingertips(category="Most deprived decile"),
        fingertips("93532", age="18+ yrs"),
        fingertips("93532", age="65+ yrs"),
    )
    assert table["group"].tolist() == ["", "Male", "Most deprived decile", "18+ yrs", "65+ yrs"]


def test_the_same_area_under_two_parents_is_one_row(tmp_path):
    assert len(of_fingertips(tmp_path, fingertips(), fingertips(parent="E12000008"))) == 1


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([fingertips(), fingertips(value="60")], "row 3: Anytown has a second value of 'Opiate and crack users not in"),
        ([fingertips(period="lately")], "row 2: 'lately' is not a period. Write it as 2019, 2018/19"),
        ([fingertips(value="n/k")], "row 2: the column 'Value' is 'n/k', which is not a number"),
        ([fingertips(number="C19")], "row 2: the indicator's number is 'C19'. Download the file again"),
    ],
)
def test_faults_of_fingertips(tmp_path, rows, told):
    assert told in refused(read_fingertips, write(tmp_path, FINGERTIPS + "".join(rows)))


def test_a_unit_is_taken_from_a_label():
    assert [unit_of(label) for label in ("Share (%)", "Deaths per 100,000", "Users")] == ["%", "per 100,000", ""]


# --- NDTMS ViewIt -----------------------------------------------------------------------------------------------


def viewit(rows: str) -> str:
    return VIEWIT + rows


def test_totals_and_one_group_at_a_time_are_kept(tmp_path):
    text = viewit(
        "2018/19,Anytown,Total,Total,Total,1105,NULL\n"
        "2018/19,Anytown,F,Total,Total,405,NULL\n"
        "2018/19,Anytown,F,18-29,Total,75,NULL\n"
        "2019/20,Anytown,TOTAL,TOTAL,Opiate,565,NULL\n"
    )
    table = read_ndtms(write(tmp_path, text), {"Anytown": "E06000999"}).table
    assert list(zip(table["group"], table["value"], strict=True)) == [("", 1105), ("Women", 405), ("Opiates", 565)]
    # A count that was collected in no year is not in the table at all.
    assert set(table["indicator"]) == {"in-treatment"}
    assert set(table["note"]) == {"Rounded to the nearest 5 by the publisher."}
    assert keeps_contract(table)


def test_null_is_missing_a_star_is_withheld_and_zero_is_zero(tmp_path):
    text = viewit(
        "2018/19,Anytown,Total,Total,Total,10,NULL\n2019/20,Anytown,Total,Total,Total,0,*\n"
        "2020/21,Anytown,Total,Total,Total,5,35\n"
    )
    table = read_ndtms(write(tmp_path, text), {"Anytown": "E06000999"}).table
    starts = table[table["indicator"] == "treatment-starts"]
    assert starts["value_status"].tolist() == ["missing", "withheld", "available"]
    assert table.loc[table["indicator"] == "in-treatment", "value"].tolist() == [10, 0, 5]


def test_the_other_heading_of_viewit_and_england_whose_code_is_known(tmp_path):
    text = (
        "ReportingPeriod_Data,Area_Data,DrugGroup_Data,Gender_Data,AgeGroup_Data,Num_InTreatment_AllInTx\n"
        "2009/10,England,Total,Total,Total,311668\n"
    )
    row = read_ndtms(write(tmp_path, text)).table.iloc[0]
    assert (row["area_code"], row["area_type"], row["value"], row["note"]) == ("E92000001", "country", 311668, "")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("2018/19,Elsewhere,Total,Total,Total,5,5\n", "row 2: the code of 'Elsewhere' is not known"),
        ("2018/19,England,X,Total,Total,5,5\n", "row 2: 'x' is not a sex, age group or substance of ViewIt"),
        (
            "2018/19,England,Total,Total,Total,5,5\n2018/19,England,TOTAL,Total,Total,6,5\n",
            "row 3: England has a second",
        ),
        ("then,England,Total,Total,Total,5,5\n", "'then' is not a period"),
    ],
)
def test_faults_of_viewit(tmp_path, rows, told):
    assert told in refused(read_ndtms, write(tmp_path, viewit(rows)))


# --- plain tables -----------------------------------------------------------------------------------------------

WELLBEING = "areacd,areanm,geography,indicator,period,measure,observation,unit,lci_95,uci_95,status,notes\n"


def test_personal_wellbeing_with_its_flags(tmp_path):
    text = WELLBEING + (
        "E06000999,Anytown,UA,Anxiety,2011-04-01/P1Y,Mean,3.13,Score,3.0,3.3,,\n"
        "E06000999,Anytown,UA,Anxiety,2012-04-01/P1Y,Mean,,Score,,,x,\n"
        "E06000999,Anytown,UA,Anxiety,2013-04-01/P1Y,Mean,,Score,,,u,\n"
        "E06000999,Anytown,UA,Anxiety,2014-04-01/P1Y,Mean,3.2,Score,2.0,4.4,u,Obsolete code\n"
        "E06000999,Anytown,UA,Happiness,2014-04-01/P1Y,Mean,,Score,,,[c],\n"
    )
    table = read_published_table(write(tmp_path, text)).table
    assert table["value_status"].tolist() == ["available", "missing", "withheld", "available", "withheld"]
    assert table["note"].tolist() == [
        "",
        "Not available (x).",
        "Too unreliable to publish (u).",
        "Low reliability (u). Obsolete code",
        "Withheld as confidential (c).",
    ]
    assert table["period"].tolist()[0] == "2011/12"
    assert (table["period_start"][0], table["period_end"][0]) == (
        pd.Timestamp("2011-04-01"),
        pd.Timestamp("2012-03-01"),
    )
    assert set(table["indicator"]) == {"wellbeing-anxiety", "wellbeing-happiness"}
    assert keeps_contract(table)


def test_a_table_of_one_indicator_named_by_the_configuration(tmp_path):
    text = "PHE_Centre,Local_Authority,Area_Code_GSS,Alcohol_dependent,Alcohol_lower_CI,Alcohol_upper_CI,Year\n"
    path = write(tmp_path, text + "NA,Anytown,E06000999,3378,2538,4779,2017/18\nNA,Anytown,E06000999,2774,NA,NA,2010\n")
    table = read_published_table(path, "alcohol-dependence").table
    assert table["value"].tolist() == [3378, 2774]
    assert table["lower"].isna().tolist() == [False, True]
    assert (table["label"][0], table["unit"][0]) == ("Estimated adults dependent on alcohol", "people")


def test_a_table_that_names_no_indicator_is_refused(tmp_path):
    path = write(tmp_path, "area_code,period,value\nE06000999,2018/19,5\n")
    assert "row 2: it does not say which indicator it is of. Add indicator" in refused(read_published_table, path)


def test_the_value_may_stand_under_any_heading(tmp_path):
    path = write(tmp_path, "area_code,period,Rate per head\nE06000999,2018/19,5\n")
    assert read_published_table(path, "alcohol-admissions", "Rate per head").table["value"].tolist() == [5]


# --- the real files ---------------------------------------------------------------------------------------------


@pytest.mark.shared_data
def test_real_fingertips_files(shared_data):
    opiates = read_fingertips(shared_data / "treatment" / "fingertips_93517_unmet_opiates.csv").table
    england = opiates[opiates["area_code"] == "E92000001"].set_index("period")["value"]
    assert england.to_dict() == {"2019/20": 52.14774596, "2020/21": 52.10317309}
    assert len(opiates) == 13
    alcohol = read_fingertips(shared_data / "treatment" / "fingertips_93532_unmet_alcohol.csv").table
    assert (len(alcohol), set(alcohol["indicator"])) == (17, {"unmet-need-alcohol"})
    assert keeps_contract(opiates) and keeps_contract(alcohol)


@pytest.mark.shared_data
def test_real_viewit_exports(shared_data):
    folder = shared_data / "treatment"
    england = read_ndtms(folder / "ndtms_viewit_export_England_2009-10_2021-22.csv").table
    assert england.loc[(england["group"] == "") & (england["period"] == "2009/10"), "value"].tolist() == [311668]
    barnet = read_ndtms(folder / "ndtms_viewit_export_Barnet_2009-10_2021-22.csv", {"Barnet": "E09000003"}).table
    assert (barnet["value"] % 5 == 0).all()
    # 13 years, 3 counts, and everybody, 4 substances, 2 sexes and 3 ages.
    assert len(barnet) == 13 * 3 * 10
    assert keeps_contract(england) and keeps_contract(barnet)


@pytest.mark.shared_data
def test_real_plain_tables(shared_data):
    wellbeing = read_published_table(shared_data / "survey" / "ons_personal_wellbeing_estimates.csv").table
    assert wellbeing["value_status"].value_counts().to_dict() == {"available": 19616, "missing": 380, "withheld": 116}
    medway = wellbeing[(wellbeing["area_code"] == "E06000035") & (wellbeing["period"] == "2022/23")]
    assert medway.set_index("indicator").loc["wellbeing-anxiety", ["value", "lower", "upper"]].tolist() == [
        3.29,
        2.95,
        3.62,
    ]
    admissions = read_published_table(
        shared_data / "treatment" / "fingertips_alcohol_related_admissions_by_ltla.csv", "alcohol-admissions"
    ).table
    of_medway = admissions[admissions["area_code"] == "E06000035"].set_index("period")["value"]
    assert (of_medway["2008/09"], of_medway["2017/18"], len(of_medway)) == (492, 499, 10)
    assert keeps_contract(wellbeing) and keeps_contract(admissions)
