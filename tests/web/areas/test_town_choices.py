"""Towns to choose from: all of a name, each with a label of its own, in any order of likelihood."""

import random

import pytest
from flask import Flask

from mapapp.domain.areas.gazetteer import load_towns
from mapapp.domain.areas.zone_towns import zone_of
from mapapp.web.areas.town_choices import TownAnswer, TownChoice, town_choices
from tests.domain.areas.test_namesakes import namesakes


def ask(app: Flask, typed: str, language: str = "en", home: tuple[str, ...] = ()) -> TownAnswer:
    with app.test_request_context(headers={"Accept-Language": language}):
        return town_choices(typed, home)


@pytest.mark.parametrize("name", ["Ashford", "Richmond", "Springfield", "Santa Cruz", "San José"])
def test_all_of_a_name_can_be_chosen_by_their_labels(app: Flask, name: str) -> None:
    towns = load_towns()
    rows = towns.index.called(name)
    called = {
        zone_of(t) for row in rows if (t := towns.town(row)).name.casefold() == name.casefold()
    }
    assert len(called) > 1
    choices = [choice for choice in ask(app, name).matching if choice.name == name]
    assert {choice.area_id for choice in choices} == called
    _each_label_means_its_area(app, choices)


def test_namesakes_all_over_the_world_can_be_chosen(app: Flask) -> None:
    """The whole list has some 400 such groups; each run tries others."""
    groups = namesakes()
    random.Random(7).shuffle(groups)
    for group in groups[:40]:
        name = group[0].name
        choices = [c for c in ask(app, name).matching if c.name.casefold() == name.casefold()]
        assert {zone_of(town) for town in group} <= {choice.area_id for choice in choices}, name
        _each_label_means_its_area(app, choices)


def _each_label_means_its_area(app: Flask, choices: list[TownChoice]) -> None:
    assert len({choice.label.casefold() for choice in choices}) == len(choices)
    for choice in choices:
        chosen = ask(app, choice.label)
        assert chosen.meant
        assert (chosen.meant.area_id, len(chosen.matching)) == (choice.area_id, 1), choice


@pytest.mark.parametrize(
    ("language", "home", "first"),
    [
        ("en-US", (), "United States"),
        ("es-ES,es;q=0.9,en;q=0.8", (), "Spain"),
        ("es", (), "Spain"),
        ("en", ("ES",), "Spain"),
        ("pt-BR", (), "Brazil"),
        ("x-klingon", (), "United States"),
        ("", (), "United States"),
        ("😀;q=z", (), "United States"),
    ],
)
def test_the_request_orders_towns(
    app: Flask, language: str, home: tuple[str, ...], first: str
) -> None:
    assert ask(app, "Toledo", language, home).matching[0].detail.endswith(first)


def test_a_guess_is_never_among_what_matches(app: Flask) -> None:
    found = ask(app, "Qwertyville")
    assert found.matching == ()
    assert found.meant is None
    assert "Wentzville" in [choice.name for choice in found.guesses]


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("Springfield, Illinois", "Illinois, United States"),
        ("Paris, Texas", "Texas, United States"),
        ("Toledo, ES", "Castilla-La Mancha, Spain"),
        ("toledo , spain", "Castilla-La Mancha, Spain"),
        ("Basford, Stoke-on-Trent", "England, United Kingdom"),
    ],
)
def test_words_behind_a_comma_say_where(app: Flask, typed: str, where: str) -> None:
    found = ask(app, typed)
    assert found.meant
    assert found.meant.detail == where


def test_a_place_that_no_town_of_the_name_has_chooses_none(app: Flask) -> None:
    found = ask(app, "Paris, Germany")
    assert found.meant is None
    assert {choice.name for choice in found.matching} >= {"Paris"}


@pytest.mark.parametrize("typed", [",", ",,,,", "Leeds,", ", Leeds", "," * 99, "\ud800,x"])
def test_odd_commas(app: Flask, typed: str) -> None:
    ask(app, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Sprinfield", None), ("Bombay", "Mumbai"), ("Londres", "London"), ("München", "Munich")],
)
def test_another_name_of_a_town_with_namesakes_chooses_none(
    app: Flask, typed: str, meant: str | None
) -> None:
    """A slip of the keyboard is stored as a name of one Springfield; there are many."""
    found = ask(app, typed)
    assert (found.meant and found.meant.name) == meant
    if meant is None:
        assert len({c.area_id for c in found.matching if c.name == "Springfield"}) > 3
        assert ask(app, f"{typed}, Ohio").meant == ask(app, "Springfield, Ohio").meant
