"""Bringing the receipts of a map to what its visibility rests on, by few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from mapapp.actions.mail.consent_receipts import RECEIPTS, receipt, take_back_all
from mapapp.domain.mail.consent_wordings import NEEDED, PURPOSES
from mapapp.store.mail import Consent

Standing = Mapping[tuple[str, int | None], Collection[str]]
"""The versions agreed to, by purpose and condition (None: of the account); absent: to none."""


@dataclass(frozen=True)
class Agreeing:
    """Who agrees, about which map, and what stands for it and for the account."""

    member_id: int
    condition_id: int
    standing: Standing


def agree_to_visibility(
    session: Session, member_id: int, condition_id: int, visibility: str
) -> None:
    """Bring the receipts of one map to what ``visibility`` rests on ('': to none)."""
    here = (Consent.member_id == member_id, Consent.condition_id == condition_id)
    rows = session.execute(
        select(Consent.purpose, Consent.version).where(*here, Consent.withdrawn == "")
    )
    standing = standing_of((row.purpose, condition_id, row.version) for row in rows)
    agree_as_told(session, Agreeing(member_id, condition_id, standing), visibility)


def standing_of(rows: Iterable[tuple[str, int | None, str]]) -> Standing:
    """Return what stands, of receipts as purpose, condition and version."""
    standing = defaultdict[tuple[str, int | None], set[str]](set)
    for purpose, condition_id, version in rows:
        standing[purpose, condition_id].add(version)
    return standing


def agree_as_told(
    session: Session, who: Agreeing, visibility: str, also: Collection[str] = ()
) -> None:
    """As ``agree_to_visibility``, where what stands is known; ``also``: purposes of the account."""
    condition_id, standing = who.condition_id, who.standing
    needed = NEEDED.get(visibility, ())
    wanted = [(purpose, None) for purpose in also] + [(one, condition_id) for one in needed]
    new = [one for one in wanted if PURPOSES[one[0]].now.version not in standing.get(one, ())]
    beyond = [(one, condition_id) for one in NEEDED["public"] if one not in needed]
    ended = [one for one in (*new, *beyond) if standing.get(one)]
    for about in dict.fromkeys(about for _purpose, about in ended):
        take_back_all(
            session, who.member_id, [one for one, where in ended if where == about], about
        )
    if new:
        rows = [receipt(who.member_id, *one) for one in new]
        session.connection().execute(insert(RECEIPTS), rows)
