"""Notebook parameters that make no sense are refused, whatever type stock papermill gives them."""

from __future__ import annotations

import pytest

from rvdata import parameters
from rvdata.errors import DataError


def refusal(**values):
    with pytest.raises(DataError) as caught:
        parameters.check(**values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"start": "abc", "end": 2021}, "start must be a whole number, not 'abc'"),
        ({"end": 2021.5}, "end must be a whole number, not 2021.5"),
        ({"start": True}, "start must be a whole number, not True"),
        (
            {"sources": "[rusi-2022]"},
            "sources must be a list such as [\"rusi-2022\"], not the text '[rusi-2022]' "
            "(papermill takes a list with -y)",
        ),
        ({"families": 3}, 'families must be a list such as ["loan"], not 3'),
        ({"kinds": ["limit", 3]}, 'kinds must be a list of texts such as ["motive"], not of 3'),
        (
            {"stances": ""},
            "stances must be a list such as [\"reported\"], not the text '' (papermill takes a list with -y)",
        ),
        ({"states": (2022, "VEN")}, 'a country must be a code such as "VEN", not 2022'),
        (
            {"states": (*"VEN", "RUS")},
            'several countries must be a list such as ["VEN", "RUS"], not the text \'VEN\' '
            "(papermill takes a list with -y)",
        ),
    ],
)
def test_a_value_of_a_wrong_type_gives_one_message(values, message):
    assert refusal(**values) == message


def test_all_wrong_types_are_named_at_once():
    assert refusal(start="a", sources="b").split("; ") == [
        "start must be a whole number, not 'a'",
        "sources must be a list such as [\"rusi-2022\"], not the text 'b' (papermill takes a list with -y)",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"states": ("V",)}, "'V' is no country code;"),
        ({"states": ("ven",)}, "'ven' is no country code (nearest: VEN); use ISO 3166-1 alpha-3"),
        ({"start": 1899}, "1899 is no year of this collection"),
        ({"end": 2101}, "2101 is no year of this collection"),
        (
            {"start": 2021, "end": 2020},
            "the period 2021 to 2020 runs backwards; swap start and end",
        ),
        ({"sources": ["rusi-2021"]}, "'rusi-2021' is no article (nearest: rusi-2022)"),
        ({"families": ["lone"]}, "'lone' is no family of figures (nearest: loan)"),
    ],
)
def test_a_value_that_no_table_can_answer_is_refused_with_the_remedy(values, words):
    assert words in refusal(**values)


def test_sensible_values_pass():
    parameters.check(
        states=("VEN", "RUS"),
        start=1900,
        end=2100,
        sources=["rusi-2022"],
        families=["loan"],
        kinds=[],
        stances=["reported"],
    )
    parameters.check(start=2000, end=2000)


def test_true_and_false_are_meant_as_they_are_written():
    for meant in (True, False):
        written = (meant, f"{meant}", f"{meant}".lower(), f"{meant}".upper())
        assert [parameters.truth("include_derived", value) for value in written] == [meant] * 4


@pytest.mark.parametrize("value", ["no", "yes", "0", "", " false", 0, 1, 0.0, None, [], ["false"]])
def test_what_is_neither_true_nor_false_is_refused(value):
    with pytest.raises(DataError) as caught:
        parameters.truth("include_derived", value)
    assert str(caught.value) == (
        f"include_derived must be True or False, not {value!r}; write one of the two"
    )
