"""The published reports that the demonstration takes figures from, as its rows name them."""

ASSESSMENT_2020 = "Medway Strategic Assessment 2020"
SCRUTINY_2024 = "Medway annual scrutiny report, 12 December 2024"
BOARD_2017 = "Medway Health and Wellbeing Board report, 2 February 2017"
BOARD_2019 = "Medway Health and Wellbeing Board minutes, 2019"
"""The minutes as published carry no date; they expect the task force "by October 2019"."""
MAIDSTONE_2020 = "Maidstone committee report, 30 June 2020"
