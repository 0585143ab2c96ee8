"""Comparing standing cards with the memberships that they show."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, select
from sqlalchemy.orm import Session

from mapapp.actions.published.card_rows import SHOWN_BIRTH, SHOWN_DIAGNOSIS
from mapapp.domain.core.visibilities import LISTED
from mapapp.domain.published.packed import AUDIENCES, Placed, together
from mapapp.store.members import Member, Membership
from mapapp.store.published import NOT_REPLACED, ListingRow, of_membership

LISTED_HERE = Membership.visibility.in_(LISTED)
IS_SHOWN = (LISTED_HERE, Membership.due.is_(None))
"""The terms on memberships that others should see as they are; of members who are active."""
SAYS_THE_SAME = and_(
    ListingRow.visibility == Membership.visibility,
    ListingRow.area_id == Membership.area_id,
    ListingRow.pseudonym == Membership.pseudonym,
    ListingRow.role == Membership.role,
    ListingRow.birth_decade.is_not_distinct_from(SHOWN_BIRTH),
    ListingRow.diagnosis_decade.is_not_distinct_from(SHOWN_DIAGNOSIS),
)


@dataclass(frozen=True)
class StandingCards:
    """The cards of a map.

    Attributes:
        placed: how many there are at exactly each area.
        alike: how many say what their membership says, which others should see as it is.
        nobodys: how many are of members who are not listed there.
    """

    placed: Placed
    alike: int
    nobodys: int


def standing_cards(session: Session, condition_id: int) -> StandingCards:
    """Count the standing cards of a map, each beside its membership, in one reading."""
    alike = case((and_(SAYS_THE_SAME, *IS_SHOWN), 1), else_=0)
    key = (ListingRow.visibility, ListingRow.area_id)
    at_areas = (
        select(
            *key,
            func.count().label("n"),
            func.sum(alike).label("alike"),
            func.sum(case((LISTED_HERE, 0), else_=1)).label("nobodys"),
        )
        .outerjoin(
            Membership,
            (Membership.condition_id == ListingRow.condition_id)
            & (Membership.member_id == ListingRow.member_id),
        )
        .where(ListingRow.condition_id == condition_id, ListingRow.until == NOT_REPLACED)
        .group_by(*key)
        .subquery()
    )
    # As one text for each visibility: a row for each area would take longer to fetch than to count.
    numbers = cast(at_areas.c.area_id, String) + "," + cast(at_areas.c.n, String)
    listed = func.aggregate_strings(numbers, ",")
    sums = (func.sum(at_areas.c.alike), func.sum(at_areas.c.nobodys))
    query = select(at_areas.c.visibility, listed, *sums).group_by(at_areas.c.visibility)
    rows = session.execute(query).all()
    return StandingCards(
        together([_placed(row[0], row[1]) for row in rows]),
        sum(int(row[2]) for row in rows),
        sum(int(row[3]) for row in rows),
    )


def _placed(visibility: str, listed: str) -> Placed:
    """Return the numbers that a text of ``area,number,area,number`` says."""
    table = np.fromstring(listed, np.int64, sep=",").reshape(-1, 2)
    numbers = np.zeros((len(table), len(AUDIENCES)), np.int64)
    numbers[:, AUDIENCES.index(visibility)] = table[:, 1]
    return Placed(table[:, 0], numbers)


def memberships_without(session: Session, alike: int) -> int:
    """Return how many memberships have no card as they are, where ``alike`` cards have one."""
    away = Membership.member_id.in_(select(Member.id).where(Member.active.is_(False)))
    shown = _number(session, *IS_SHOWN) - _number(session, *IS_SHOWN, away)
    # A card is alike to one membership, so each is looked for only where the numbers differ.
    return 0 if shown == alike else _number(session, *lacks_card())


def lacks_card() -> tuple[ColumnElement[bool], ...]:
    """Return the terms on memberships that should have a card as they are, and have none."""
    theirs = of_membership(Membership.condition_id, Membership.member_id)
    alike = exists().where(theirs, ListingRow.until == NOT_REPLACED, SAYS_THE_SAME)
    active = exists().where(Member.id == Membership.member_id, Member.active)
    return (*IS_SHOWN, active, ~alike)


def is_nobodys() -> tuple[ColumnElement[bool], ...]:
    """Return the terms on cards of members who are not listed there."""
    theirs = exists().where(
        Membership.condition_id == ListingRow.condition_id,
        Membership.member_id == ListingRow.member_id,
        LISTED_HERE,
    )
    return ListingRow.until == NOT_REPLACED, ~theirs


def _number(session: Session, *terms: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*terms)) or 0
