"""Which kind of reader somebody is on a map, and so whom they see there by name."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from mapapp.domain.core.visibilities import (
    LISTED,
    ON_MAP,
    SIGNED_IN,
    VISITOR,
    kind_of_member,
    visibilities_for,
)
from mapapp.errors import N_, NotAllowedError
from mapapp.store.members import Membership
from mapapp.store.published import ListingRow, stands

AGE_NOT_SHOWN = N_("To find people of about your age, first show on this map when you were born.")


def kind_of_reader(session: Session, condition_id: int, reader_id: int | None) -> str:
    """Return which kind of reader a member, or a visitor (None), is on the map of a condition."""
    if reader_id is None:
        return VISITOR
    mine = (Membership.condition_id == condition_id, Membership.member_id == reader_id)
    return kind_of_member(session.scalar(select(Membership.visibility).where(*mine)))


def own_birth_decade(session: Session, condition_id: int, reader_id: int | None) -> int:
    """Return the decade in which the reader was born, as they show it to people on a map.

    Raises:
        NotAllowedError: when they do not, or are not shown there themselves.
    """
    decade = session.scalar(
        select(Membership.birth_decade).where(
            Membership.condition_id == condition_id,
            Membership.member_id == reader_id,
            Membership.birth_shown,
            Membership.visibility.in_(LISTED),
        )
    )
    if decade is None:
        raise NotAllowedError(AGE_NOT_SHOWN)
    return decade


def is_named_to(reader_id: int | None) -> ColumnElement[bool]:
    """Return the term that lets through the standing cards that this reader (None: a visitor) sees.

    It is for queries that have several maps; where there is one, ``kind_of_reader`` costs less.
    """
    if reader_id is None:
        return stands() & ListingRow.visibility.in_(visibilities_for(VISITOR))
    mine = aliased(Membership)
    on_map = exists().where(
        # Of the card: a column of a query further out would begin a search of its own in here.
        mine.condition_id == ListingRow.condition_id,
        mine.member_id == reader_id,
        mine.visibility.in_(LISTED),
    )
    return stands() & or_(
        ListingRow.visibility.in_(visibilities_for(SIGNED_IN)),
        ListingRow.visibility.in_(visibilities_for(ON_MAP)) & on_map,
    )
