"""Colours and sizes in one place, held to the Government Analysis Function's own template."""

import json

import plotly.graph_objects as go
import plotly.io
import pytest

from csp_data.figures import theme


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_can_be_read():
    assert contrast(theme.TEXT, theme.PAPER) >= 7
    assert contrast(theme.QUIET_TEXT, theme.PAPER) >= 4.5
    assert contrast(theme.TEXT, theme.NO_FIGURE) >= 4.5


@pytest.mark.parametrize("name", ["SERIES", "COMPARISON", "SELECTED_LINE", "EVENT_LINE", "WARD_BORDER"])
def test_marks_stand_out_from_the_paper(name):
    assert contrast(getattr(theme, name), theme.PAPER) >= 2.9  # WCAG 1.4.11 asks 3; the Government's orange is 2.97


def test_the_year_before_stands_out_from_the_bar_it_lies_on():
    assert contrast(theme.COMPARISON, theme.SERIES) >= 3


@pytest.mark.parametrize("classes", [1, 2, 3, 4, 5])
def test_a_map_gets_darker_with_every_class(classes):
    colours = theme.class_colours(classes)
    assert len(colours) == classes
    assert [luminance(colour) for colour in colours] == sorted((luminance(c) for c in colours), reverse=True)
    assert theme.NO_FIGURE not in colours


def test_more_classes_than_colours_is_an_error():
    with pytest.raises(ValueError, match="1 to 5 classes"):
        theme.class_colours(6)


def test_settings_are_those_of_the_template():
    import afcharts.pio_template  # noqa: F401 (registers the template)

    template = plotly.io.templates["afcharts"].layout
    assert template.colorway[0] == theme.SERIES
    axis = theme.axis()
    for name in ("automargin", "fixedrange", "gridcolor", "linecolor", "tickcolor", "ticks", "zerolinecolor"):
        assert axis[name] == template.xaxis[name], name


def test_a_figure_carries_no_template():
    figure = theme.build_figure([{"type": "bar", "x": [1], "y": [2]}], theme.layout(100, {"l": 1}))
    assert json.loads(figure.to_json())["layout"]["template"] == {}
    assert len(figure.to_json()) < 700


def test_a_figure_is_the_same_as_one_built_with_checks():
    data, layout = [{"type": "bar", "x": [1], "y": [2]}], theme.layout(100, {"l": 1}, xaxis=theme.axis())
    assert theme.build_figure(data, layout).data[0].to_plotly_json() == go.Bar(x=[1], y=[2]).to_plotly_json()


def test_maps_ask_nobody_for_coastlines():
    address = theme.PLOTLY_CONFIG["topojsonURL"]
    assert address.startswith("data:application/json,")
    assert address.endswith("#")
    stub = json.loads(address.removeprefix("data:application/json,").rstrip("#").replace("%22", '"'))
    assert set(stub["objects"]) == {"coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits"}
