"""The entry list of a form, control by control."""

import pytest

from refimpl.forms.controls import (
    NO_FILE,
    Datalist,
    Fieldset,
    Input,
    Option,
    Select,
    Submitter,
    construct_entry_list,
)
from refimpl.values import model

TEXT = Input("a", "x")


def entries(*controls, submitter=None):
    return construct_entry_list(controls, submitter)


def test_a_control_gives_its_name_and_value():
    assert entries(TEXT, Input("b", None)) == [("a", "x"), ("b", "")]


@pytest.mark.parametrize(
    "control",
    [
        Input("", "x"),
        Input("a", "x", disabled=True),
        Input("a", "x", type="checkbox"),
        Input("a", "x", type="radio"),
        Input("a", "x", type="submit"),
        Input("a", "x", type="image"),
        Input("a", "x", type="reset"),
        Input("a", "x", type="button"),
        Select("a", options=(Option("x", disabled=True),)),
        Select("a", options=(Option("x"),), multiple=True),
        Select("a", options=(Option("x", selected=True, disabled=True),)),
        Datalist((TEXT,)),
        Fieldset((TEXT,), disabled=True),
    ],
)
def test_a_control_that_takes_no_part_gives_nothing(control):
    assert entries(control) == []


def test_the_first_legend_of_a_disabled_fieldset_stays_enabled():
    inner = Fieldset((Input("b", "y"),), (Input("c", "z"),), disabled=True)

    assert entries(Fieldset((TEXT,), (inner,), disabled=True)) == [("c", "z")]


def test_a_checked_box_without_a_value_is_on():
    assert entries(Input("a", type="checkbox", checked=True)) == [("a", "on")]


def test_a_single_select_shows_its_first_enabled_option():
    select = Select("a", options=(Option("1", disabled=True), Option("2"), Option("3")))

    assert entries(select) == [("a", "2")]


def test_a_file_control_without_files_gives_the_empty_file():
    assert entries(Input("a", type="file")) == [("a", NO_FILE)]


def test_the_submitter_gives_its_entry_where_it_stands():
    button = Input("go", None, type="submit")

    assert entries(button, TEXT, submitter=Submitter(button)) == [("go", ""), ("a", "x")]


def test_an_image_button_without_a_name_gives_a_bare_point():
    button = Input(type="image")

    assert entries(button, submitter=Submitter(button, (3, 4))) == [("x", "3"), ("y", "4")]


def test_a_submitter_with_a_function_of_its_own_gives_no_entry():
    button = Input("go", "1", type="submit", action=model.ServerReference("f"))

    assert entries(button, submitter=Submitter(button)) == []


def test_only_a_hidden_control_gives_the_charset():
    assert entries(Input("_CHARSET_", "x", type="hidden"), Input("_charset_", "x")) == [
        ("_CHARSET_", "UTF-8"),
        ("_charset_", "x"),
    ]


def test_a_direction_follows_its_text():
    assert entries(Input("a", "x", dirname="d", direction="rtl")) == [("a", "x"), ("d", "rtl")]


def test_a_lone_surrogate_becomes_the_replacement_character():
    assert entries(Input("\ud800a", "\udc00\ud83d\ude00")) == [("\ufffda", "\ufffd\ud83d\ude00")]
