"""Who takes part in a release, and what it costs each of them (privacy rule 7).

Charged before anything is counted, batch by batch, so that nobody waits long. A run that starts
again after a crash finds who has paid for this epoch, and charges nobody twice.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.domain.core.keyed_hash import keyed_hash
from mapapp.domain.core.visibilities import COUNTED, LISTED
from mapapp.domain.published.release_rules import (
    MAPS_OF_AN_ACCOUNT,
    THOUSAND,
    Epoch,
    Who,
    map_budget,
)
from mapapp.settings import Settings
from mapapp.store.bulk import insert_rows
from mapapp.store.database import TIMES, transaction
from mapapp.store.members import Member, Membership
from mapapp.store.records import ReleaseShare

MEMBERS_A_BATCH = 5_000

Shares = Mapping[int, ReleaseShare]
"""What an account has spent this year, by map."""


@dataclass(frozen=True)
class Taking:
    """For which map and epoch people are asked to take part.

    Attributes:
        month: the last month whose memberships are old enough.
    """

    condition_id: int
    epoch: Epoch
    month: str

    @property
    def visibilities(self) -> tuple[str, ...]:
        """Of the memberships that can take part."""
        return (COUNTED,) if self.epoch.who == Who.HIDDEN else LISTED


def charge(engine: Engine, settings: Settings, taking: Taking) -> int:
    """Charge everybody who takes part, and return how many they are."""
    taking_part, after = 0, 0
    while True:
        n, last = _charged(engine, settings, taking, after)
        if last is None:
            return taking_part
        taking_part, after = taking_part + n, last


def _charged(
    engine: Engine, settings: Settings, taking: Taking, after: int
) -> tuple[int, int | None]:
    """Charge the next batch; return how many take part and the last of it, None where none is left.

    Of two runs at once, the one that finds people charged meanwhile looks again, and charges them
    no second time.
    """

    def _next() -> tuple[int, int | None]:
        with transaction(engine) as session:
            batch = _batch(session, taking, after)
            return (_charge(session, settings, taking, batch), batch[-1]) if batch else (0, None)

    for _ in range(TIMES - 1):
        with suppress(IntegrityError):
            return _next()
    return _next()


def _batch(session: Session, taking: Taking, after: int) -> Sequence[int]:
    query = (
        select(Membership.member_id)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.condition_id == taking.condition_id,
            Membership.member_id > after,
            Membership.visibility.in_(taking.visibilities),
            Membership.month <= taking.month,
            Member.active,
        )
        .order_by(Membership.member_id)
        .limit(MEMBERS_A_BATCH)
    )
    return session.scalars(query).all()


def _charge(session: Session, settings: Settings, taking: Taking, batch: Sequence[int]) -> int:
    maps, shares = _maps_of(session, batch), _shares_of(session, batch, taking.epoch.year)
    door = _Door(settings, taking)
    paid = {i: shares[i].get(taking.condition_id) for i in batch}
    now = [i for i in batch if door.opens(i, maps[i], shares[i])]
    here = ReleaseShare.condition_id == taking.condition_id
    session.execute(delete(ReleaseShare).where(here, ReleaseShare.member_id.in_(now)))
    cost = taking.epoch.spent(settings.epsilon)
    rows = [
        {
            "condition_id": taking.condition_id,
            "member_id": i,
            "year": taking.epoch.year,
            "spent": _spent(paid[i]) + cost,
            "epoch": taking.epoch.name,
        }
        for i in now
    ]
    insert_rows(session, ReleaseShare, rows)
    before = sum(1 for share in paid.values() if share and share.epoch == taking.epoch.name)
    return before + len(now)


@dataclass(frozen=True)
class _Door:
    settings: Settings
    taking: Taking

    def opens(self, member_id: int, maps: Sequence[int], shares: Shares) -> bool:
        """Whether somebody takes part now who has not before, and can pay for it."""
        here = self.taking.condition_id
        own = shares.get(here)
        if own is not None and own.epoch == self.taking.epoch.name:
            return False
        budget, cost = self.settings.epsilon, self.taking.epoch.spent(self.settings.epsilon)
        all_spent = sum(share.spent for share in shares.values())
        if _spent(own) + cost > map_budget(budget) or all_spent + cost > budget * THOUSAND:
            return False
        is_chosen = own is not None or here in self._chosen(member_id, {*maps, *shares})
        return is_chosen and len({here, *shares}) <= MAPS_OF_AN_ACCOUNT

    def _chosen(self, member_id: int, maps: set[int]) -> list[int]:
        if len(maps) <= MAPS_OF_AN_ACCOUNT:
            return list(maps)
        secret, year = self.settings.secret, self.taking.epoch.year
        lots = {one: keyed_hash(secret, "release maps", year, member_id, one) for one in maps}
        return sorted(maps, key=lots.__getitem__)[:MAPS_OF_AN_ACCOUNT]


def _spent(share: ReleaseShare | None) -> int:
    return share.spent if share else 0


def _maps_of(session: Session, members: Sequence[int]) -> dict[int, list[int]]:
    rows = select(Membership.member_id, Membership.condition_id)
    found: dict[int, list[int]] = defaultdict(list)
    for member_id, condition_id in session.execute(rows.where(Membership.member_id.in_(members))):
        found[member_id].append(condition_id)
    return found


def _shares_of(
    session: Session, members: Sequence[int], year: int
) -> dict[int, dict[int, ReleaseShare]]:
    rows = select(ReleaseShare).where(
        ReleaseShare.member_id.in_(members), ReleaseShare.year == year
    )
    found: dict[int, dict[int, ReleaseShare]] = defaultdict(dict)
    for share in session.scalars(rows):
        found[share.member_id][share.condition_id] = share
    return found
