"""What releases cost, when they are made, and from where on their numbers are shown."""

import math
from calendar import monthrange
from datetime import date, timedelta

import pytest

from mapapp.domain.published.release_rules import (
    ALL_QUERIES,
    FULL_BUDGET,
    MAPS_OF_AN_ACCOUNT,
    OF_A_QUARTER,
    OF_A_YEAR,
    THOUSAND,
    Attribute,
    Who,
    certainty,
    epochs_of,
    error_of,
    kept,
    last_month,
    map_budget,
    query_of,
    shown_from,
)


@pytest.mark.parametrize("budget", range(1, FULL_BUDGET + 1))
def test_a_year_costs_no_more_than_a_map_may(budget: int) -> None:
    """Whoever is hidden in all quarters, or listed in the year; nobody is in both beyond it."""
    quarters = 4 * sum(query.spent(budget) for query in OF_A_QUARTER)
    year = sum(query.spent(budget) for query in OF_A_YEAR)
    assert max(quarters, year) <= map_budget(budget)
    assert MAPS_OF_AN_ACCOUNT * map_budget(budget) <= budget * THOUSAND


@pytest.mark.parametrize("budget", range(1, FULL_BUDGET + 1))
def test_noise_is_never_less_than_the_rules_ask(budget: int) -> None:
    assert all(query.scale(budget) >= 2 for query in ALL_QUERIES)
    assert all(q.scale(budget) == q.bound * THOUSAND / q.spent(budget) for q in ALL_QUERIES)


def test_every_question_has_a_name_of_its_own() -> None:
    assert len({query.key for query in ALL_QUERIES}) == len(ALL_QUERIES)
    assert all(query_of(q.attribute, q.level) is q for q in ALL_QUERIES)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-01-01", "2026-Q1"), ("2026-03-31", "2026-Q1"), ("2026-04-01", "2026-Q2"),
     ("2026-12-31", "2026-Q4"), ("2027-01-01", "2027-Q1")],
)  # fmt: skip
def test_a_day_is_in_a_quarter_and_a_year(day: str, quarter: str) -> None:
    one, other = epochs_of(date.fromisoformat(day))
    assert (one.name, one.who) == (quarter, Who.HIDDEN)
    assert (other.name, other.who, other.year) == (day[:4], Who.LISTED, int(day[:4]))


def test_whoever_takes_part_has_been_there_for_thirty_days_on_whatever_day_they_came() -> None:
    for number in range(800):
        today = date(2026, 1, 1) + timedelta(days=number)
        year, month = map(int, last_month(today).split("-"))
        newest = date(year, month, monthrange(year, month)[1])
        assert timedelta(days=30) <= today - newest < timedelta(days=61 + 1)


@pytest.mark.parametrize("scale", [2, 4, 6, 20 / 3, 12, 20])
def test_the_error_that_is_told_holds_95_of_100(scale: float) -> None:
    q = math.exp(-1 / scale)
    weights = {k: q ** abs(k) * (1 - q) / (1 + q) for k in range(-2000, 2001)}
    error = error_of(scale)
    inside = sum(weight for k, weight in weights.items() if abs(k) <= error)
    just_less = sum(weight for k, weight in weights.items() if abs(k) < error)
    assert just_less < 0.95 <= inside


@pytest.mark.parametrize("scale", [2, 4, 6, 12])
@pytest.mark.parametrize("cells", [1, 6, 160, 600])
def test_chance_alone_hardly_ever_shows_a_number(scale: float, cells: int) -> None:
    least = shown_from(scale, cells)
    assert least >= max(20, 5 * scale)
    q = math.exp(-1 / scale)
    one = q**least / (1 + q)  # that the noise of one empty cell is at least so much
    assert cells * one <= 0.1


def test_hidden_people_are_told_in_steps_downwards_and_small_numbers_not_at_all() -> None:
    query = query_of(Attribute.PEOPLE)
    drawn = {"a": 19, "b": 20, "c": 24, "d": 44, "e": -3, "f": 0}
    assert kept(query, drawn, 20) == {"b": 20, "c": 20, "d": 40}
    other = query_of(Attribute.ROLE)
    assert kept(other, drawn, 20) == {"b": 20, "c": 24, "d": 44}


def test_what_can_be_learnt_is_told_as_how_sure_somebody_can_be() -> None:
    assert [certainty(spent) for spent in (0, 750, 3000)] == [50, 68, 95]
