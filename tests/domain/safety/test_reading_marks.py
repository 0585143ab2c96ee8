"""The marks of a day: each is added once, the first ones count as shown, and there is an end."""

from mapapp.domain.safety.reading_limits import MOST_AREAS, MOST_COUNTED, MOST_PEOPLE, Marks


def _marks(start: int, end: int) -> list[bytes]:
    return [n.to_bytes(8, "big") for n in range(start, end)]


def test_each_is_counted_once() -> None:
    day = Marks.none().plus(_marks(0, 3), _marks(0, 1))
    assert day.numbers == {"people": 3, "areas": 1}
    assert day.plus(_marks(1, 3), _marks(0, 1)) == day
    assert day.plus(_marks(1, 4), []).numbers == {"people": 4, "areas": 1}


def test_the_first_hundred_are_those_who_were_shown() -> None:
    day = Marks.none().plus(_marks(0, MOST_PEOPLE), _marks(0, MOST_AREAS))
    assert not day.is_too_much
    more = day.plus(_marks(MOST_PEOPLE, MOST_PEOPLE + 1), [])
    assert more.is_too_much
    assert day.plus([], _marks(MOST_AREAS, MOST_AREAS + 1)).is_too_much
    assert more.read_people() == frozenset(_marks(0, MOST_PEOPLE))
    assert more.read_areas() == frozenset(_marks(0, MOST_AREAS))


def test_a_row_does_not_grow_without_end() -> None:
    day = Marks.none().plus(_marks(0, 3 * MOST_COUNTED), _marks(0, 3 * MOST_COUNTED))
    assert day.numbers == {"people": MOST_COUNTED, "areas": MOST_COUNTED}
    assert day.plus(_marks(9_000, 9_020), []) == day


def test_the_name_of_a_day_is_random_and_stays() -> None:
    day = Marks.none()
    assert day.plus(_marks(0, 5), []).name == day.name != Marks.none().name
