"""Privacy rule 2 as a table: who sees which members by name, and who is counted."""

import pytest

from mapapp.domain.core.visibilities import (
    COUNTED,
    LISTED,
    MEMBERS,
    NAMED_TO,
    PAUSED,
    PUBLIC,
    VISIBILITIES,
    is_listed,
    visibilities_for,
)


@pytest.mark.parametrize(
    ("visibility", "visitor", "member", "counted_live"),
    [
        (PUBLIC, True, True, True),
        (MEMBERS, False, True, True),
        (COUNTED, False, False, False),
        (PAUSED, False, False, False),
        ("", False, False, False),
        ("PUBLIC", False, False, False),
    ],
)
def test_the_table(visibility: str, visitor: bool, member: bool, counted_live: bool) -> None:
    assert (visibility in visibilities_for(signed_in=False)) == visitor
    assert (visibility in visibilities_for(signed_in=True)) == member
    assert is_listed(visibility) == counted_live


def test_members_only_is_offered_first_and_pausing_is_no_choice() -> None:
    assert VISIBILITIES[0] == MEMBERS
    assert set(VISIBILITIES) == {PUBLIC, MEMBERS, COUNTED}


def test_nobody_is_named_who_is_not_listed() -> None:
    assert set(NAMED_TO) == {"visitor", "member"}
    assert set(NAMED_TO["visitor"]) < set(NAMED_TO["member"]) == set(LISTED)
