"""Privacy rule 2 as a table: who sees which members by name, and who is counted."""

import pytest

from mapapp.domain.core.visibilities import (
    COUNTED,
    LISTED,
    MAP,
    MEMBERS,
    NAMED_TO,
    ON_MAP,
    PAUSED,
    PUBLIC,
    SIGNED_IN,
    VISIBILITIES,
    VISITOR,
    is_listed,
    kind_of_member,
    visibilities_for,
)

YES, NO = True, False


@pytest.mark.parametrize(
    ("visibility", "visitor", "member", "on_map", "counted_live"),
    [
        (PUBLIC, YES, YES, YES, YES),
        (MEMBERS, NO, YES, YES, YES),
        (MAP, NO, NO, YES, YES),
        (COUNTED, NO, NO, NO, NO),
        (PAUSED, NO, NO, NO, NO),
        ("", NO, NO, NO, NO),
        ("PUBLIC", NO, NO, NO, NO),
    ],
)
def test_the_table(
    visibility: str, visitor: bool, member: bool, on_map: bool, counted_live: bool
) -> None:
    assert (visibility in visibilities_for(VISITOR)) == visitor
    assert (visibility in visibilities_for(SIGNED_IN)) == member
    assert (visibility in visibilities_for(ON_MAP)) == on_map
    assert is_listed(visibility) == counted_live


def test_people_on_the_map_are_offered_first_and_pausing_is_no_choice() -> None:
    assert VISIBILITIES == (MAP, MEMBERS, PUBLIC, COUNTED)


def test_nobody_is_named_who_is_not_listed() -> None:
    assert set(NAMED_TO) == {VISITOR, SIGNED_IN, ON_MAP}
    assert set(NAMED_TO[VISITOR]) < set(NAMED_TO[SIGNED_IN]) < set(NAMED_TO[ON_MAP]) == set(LISTED)


@pytest.mark.parametrize("own", [COUNTED, PAUSED, "", None])
def test_who_is_not_listed_sees_what_any_member_sees(own: str | None) -> None:
    assert kind_of_member(own) == SIGNED_IN


@pytest.mark.parametrize("own", LISTED)
def test_who_is_listed_sees_the_people_on_the_map(own: str) -> None:
    assert kind_of_member(own) == ON_MAP


def test_every_visibility_fits_its_column() -> None:
    assert max(map(len, VISIBILITIES)) <= 8
