"""Changes that wait for a publication, such as their members would have made, in bulk."""

import uuid
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.published.card_rows import cards_held, withdraw_cards
from mapapp.actions.published.publishing import WITH_THE_NEXT
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.core.visibilities import LISTED, MAP, MEMBERS, PUBLIC
from mapapp.store.bulk import insert_rows, reserve_ids
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.members import DEMO, Member, MemberLanguage, Membership

KINDS = ("place themselves", "move", "are seen by more", "are seen by fewer", "leave")
MONTH = "2026-11"
IDS_TRIED = 12
"""So many times as many members are drawn as are needed: most audiences suit one kind alone."""


@dataclass(frozen=True)
class _Map:
    session: Session
    condition_id: int
    source: np.random.Generator

    def zones(self, n: int) -> list[int]:
        """Draw areas."""
        zones: NDArray[Any] = np.flatnonzero(load_areas().level == ZONE)
        return self.source.choice(zones, n).tolist()

    def change(self, ids: list[int], **columns: list[Any]) -> None:
        """Change memberships, and let them wait for the next publication."""
        table = Membership.__table__
        mine = (
            table.c.condition_id == self.condition_id,
            table.c.member_id == bindparam("of_member"),
        )
        names = {name: bindparam(f"new_{name}") for name in columns}
        rows = [
            {
                "of_member": member_id,
                **dict(zip((f"new_{name}" for name in columns), row, strict=True)),
            }
            for member_id, *row in zip(ids, *columns.values(), strict=True)
        ]
        if rows:
            changed = update(table).where(*mine).values(due=WITH_THE_NEXT, **names)
            self.session.connection().execute(changed, rows)

    def withdraw(self, ids: list[int]) -> None:
        """Delete cards at once, as the acts do."""
        here = (Membership.condition_id == self.condition_id, Membership.member_id.in_(ids))
        withdraw_cards(self.session, cards_held(self.session, *here))


def make_changes(engine: Engine, changes: int) -> dict[str, int]:
    """Make up to ``changes`` changes, the same number on each map; return how many of each kind."""
    source = np.random.default_rng(2)
    done = dict.fromkeys(KINDS, 0)
    with transaction(engine) as session:
        maps = session.scalars(select(Condition.id).where(Condition.listed > 0)).all()
        each = max(1, changes // len(maps) // len(KINDS))
        for condition_id in maps:
            for kind, n in _change_map(_Map(session, condition_id, source), each).items():
                done[kind] += n
    return done


def _change_map(here: _Map, each: int) -> dict[str, int]:
    drawn = _draw(here, each)
    moved, wider, narrower, leaving = (drawn[kind] for kind in KINDS[1:])
    _place(here, each)
    here.change(moved, area_id=here.zones(len(moved)), month=[MONTH] * len(moved))
    here.change(wider, visibility=[PUBLIC] * len(wider))
    here.withdraw([*narrower, *leaving])
    here.change(narrower, visibility=[MAP] * len(narrower))
    gone = (Membership.condition_id == here.condition_id, Membership.member_id.in_(leaving))
    here.session.execute(delete(Membership).where(*gone))
    return {kind: len(ids) for kind, ids in drawn.items()} | {KINDS[0]: each}


def _draw(here: _Map, each: int) -> dict[str, list[int]]:
    """Draw members for all kinds but the first; nobody changes twice."""
    mine = Membership.condition_id == here.condition_id
    ends = select(func.min(Membership.member_id), func.max(Membership.member_id)).where(mine)
    first, last = here.session.execute(ends).one()
    ids = here.source.integers(first, last + 1, each * IDS_TRIED).tolist()
    query = select(Membership.member_id, Membership.visibility).where(
        mine,
        Membership.member_id.in_(ids),
        Membership.due.is_(None),
        Membership.visibility.in_(LISTED),
    )
    left = {member_id: visibility for member_id, visibility in here.session.execute(query)}
    suits = dict(zip(KINDS[1:], (set(LISTED), {MAP, MEMBERS}, {PUBLIC}, set(LISTED)), strict=True))
    drawn = {}
    for kind in (KINDS[2], KINDS[3], KINDS[1], KINDS[4]):
        fit = [member_id for member_id, seen_by in left.items() if seen_by in suits[kind]]
        drawn[kind] = fit[:each]
        left = {key: value for key, value in left.items() if key not in set(drawn[kind])}
    return drawn


def _place(here: _Map, n: int) -> None:
    ids = reserve_ids(here.session, Member, n)
    areas = load_areas()
    insert_rows(
        here.session,
        Member,
        [
            {
                "id": i,
                "account_id": str(uuid.uuid4()),
                "session_handle": uuid.uuid4().hex,
                "source": DEMO,
            }
            for i in ids
        ],
    )
    insert_rows(here.session, MemberLanguage, [{"member_id": i, "language": "en"} for i in ids])
    insert_rows(
        here.session,
        Membership,
        [
            {
                "condition_id": here.condition_id,
                "member_id": i,
                "public_id": str(uuid.uuid4()),
                "pseudonym": "Calm Heron",
                "area_id": area_id,
                "area_version": areas.version,
                "visibility": LISTED[i % len(LISTED)],
                "role": "self",
                "month": MONTH,
                "listing_order": int(order),
                "due": WITH_THE_NEXT,
            }
            for i, area_id, order in zip(
                ids, here.zones(n), here.source.integers(2**63 - 1, size=n), strict=True
            )
        ],
    )
