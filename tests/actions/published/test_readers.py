"""Which kind of reader somebody is on a map; and whom they see, where a query has several maps."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.published.listings import People, listings
from mapapp.actions.published.readers import is_named_to, kind_of_reader
from mapapp.domain.core.visibilities import (
    COUNTED,
    LISTED,
    ON_MAP,
    PAUSED,
    SIGNED_IN,
    VISIBILITIES,
    VISITOR,
)
from mapapp.store.published import ListingRow
from tests.posts import Board
from tests.searchable import make_post

Make = Callable[..., Any]

NAMED = {
    VISITOR: ["public"],
    SIGNED_IN: ["members", "public"],
    ON_MAP: ["map", "me", "members", "public"],
}
"""Privacy rule 2, as literals; ``me`` is the reader, who lets people on the map see them."""


def test_without_an_account_one_is_a_visitor(session: Session, make_condition: Make) -> None:
    assert kind_of_reader(session, make_condition("als").id, None) == VISITOR


@pytest.mark.both
@pytest.mark.parametrize("own", [*VISIBILITIES, PAUSED])
def test_the_kind_follows_from_ones_own_membership_of_this_map_alone(
    session: Session, make_condition: Make, make_membership: Make, own: str
) -> None:
    here, elsewhere = make_condition("als"), make_condition("dystonia")
    reader = make_membership(here, 1, visibility=own).member_id
    assert kind_of_reader(session, here.id, reader) == (ON_MAP if own in LISTED else SIGNED_IN)
    assert kind_of_reader(session, elsewhere.id, reader) == SIGNED_IN


@pytest.mark.both
@pytest.mark.parametrize("kind", list(NAMED))
def test_lists_and_queries_of_several_maps_name_the_same_people(
    session: Session, make_condition: Make, make_membership: Make, make_member: Make, kind: str
) -> None:
    here, elsewhere = make_condition("als"), make_condition("dystonia")
    for visibility in VISIBILITIES:
        who = make_member(pseudonym=visibility)
        make_membership(here, 1, member=who, visibility=visibility)
    reader_id = _reader(kind, here, elsewhere, make_member, make_membership)
    query = select(ListingRow.pseudonym).where(
        ListingRow.condition_id == here.id, is_named_to(reader_id)
    )
    assert sorted(session.scalars(query)) == NAMED[kind]
    assert (
        sorted(p.pseudonym for p in listings(session, People(here.id, reader_id), 0).items)
        == (NAMED[kind])
    )


@pytest.mark.both
def test_a_name_leads_to_a_page_for_those_on_that_map_alone(board: Board) -> None:
    writer, reader = board.somebody("map"), board.member()
    board.write(writer)
    make_post(board.session, board.condition("als"), title="A text on the reader's own map")
    board.place(reader, "map", "als")
    assert [line.is_listed for line in board.read(reader)] == [False]
    board.place(reader, "map")
    assert [line.is_listed for line in board.read(reader)] == [True]


def _reader(
    kind: str, here: Any, elsewhere: Any, make_member: Make, make_membership: Make
) -> int | None:
    if kind == VISITOR:
        return None
    me = make_member(pseudonym="me")
    make_membership(elsewhere, 1, member=me, visibility="map")
    make_membership(here, 1, member=me, visibility="map" if kind == ON_MAP else COUNTED)
    return int(me.id)
