"""Telling moderators of maps that grow unusually fast, as they do where people are made up.

It looks at published numbers, which everybody can read, and at nothing else. Who comes from one
network is counted for no map: whoever shares a network with somebody could fill the count up with
accounts of their own, and would learn when the other one joins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.core.dates import month_before, this_month
from mapapp.domain.published.packed import unpack
from mapapp.domain.safety.case_rules import FAST_GROWTH, GROWTH
from mapapp.domain.safety.growth_rules import IN_A_MONTH, SUDDEN, how_it_grew
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.moderation import Case
from mapapp.store.published import THE_SITE, AreaNumbers, MonthEnd

LOOKED_AT = "growth_looked_at"
"""The fact that names the last publication that was looked at."""


@dataclass(frozen=True)
class Grown:
    """A map that changed with a publication: people on it before and since."""

    condition_id: int
    before: int
    now: int


def tell_of_growth(engine: Engine, now: float) -> int:
    """Open a case for each map that grew unusually fast with the last publication.

    Returns:
        How many were opened. A publication is looked at once.
    """
    with transaction(engine, write=False) as session:
        number = facts.fact(session, facts.PUBLICATION)
        if not number or facts.fact(session, LOOKED_AT) == number:
            return 0
    with transaction(engine) as session:
        # With the first one everybody is new.
        if not facts.claim(session, LOOKED_AT, number) or int(number) == 1:
            return 0
        month = this_month(int(now))
        return sum(_tell(session, one, number, month) for one in _changed(session, int(number)))


def _changed(session: Session, number: int) -> Iterator[Grown]:
    here = (AreaNumbers.publication == number, AreaNumbers.condition_id != THE_SITE)
    rows = session.execute(select(AreaNumbers.condition_id, AreaNumbers.numbers).where(*here)).all()
    for condition_id, numbers in rows:
        older = (
            select(AreaNumbers.numbers)
            .where(AreaNumbers.condition_id == condition_id, AreaNumbers.publication < number)
            .order_by(AreaNumbers.publication.desc())
            .limit(1)
        )
        yield Grown(condition_id, _people(session.scalar(older)), _people(numbers))


def _people(numbers: bytes | None) -> int:
    return int(unpack(numbers).people.sum())


def _tell(session: Session, grown: Grown, number: str, month: str) -> bool:
    at_month_end = _at_month_end(session, grown, month)
    how = how_it_grew(grown.before, grown.now, at_month_end)
    if not how or (how == IN_A_MONTH and _is_told(session, grown.condition_id, month)):
        return False
    evidence = {
        "condition": session.get_one(Condition, grown.condition_id).name,
        "grew": how,
        "before": grown.before if how == SUDDEN else at_month_end,
        "now": grown.now,
    }
    piece = f"{grown.condition_id}/{number}"
    open_case(session, About(GROWTH, piece, None, grown.condition_id), FAST_GROWTH, evidence)
    return True


def _at_month_end(session: Session, grown: Grown, month: str) -> int:
    """Return how many were on a map when the last month ended; the present number if unknown."""
    ended = month_before(month)
    if facts.fact(session, facts.MONTHS_KEPT) < ended:
        return grown.now
    kept = session.get(MonthEnd, (grown.condition_id, ended))
    return kept.listed if kept else 0


def _is_told(session: Session, condition_id: int, month: str) -> bool:
    """Whether moderators were told of this map in this month."""
    begun = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    told = (Case.kind == GROWTH, Case.condition_id == condition_id, Case.opened >= begun)
    return session.scalar(select(Case.id).where(*told).limit(1)) is not None
