"""Agreeing and taking back: a receipt for each, which only its owner sees."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from mapapp.domain.core.dates import this_month
from mapapp.domain.mail.consent_wordings import (
    ADULT,
    CARE,
    DECADES,
    INCLUDED,
    NEEDED,
    PURPOSES,
    TREATMENTS,
    WITHOUT,
    WRITE,
    Purpose,
)
from mapapp.errors import N_, BadInputError
from mapapp.store.conditions import Condition
from mapapp.store.mail import Consent
from mapapp.store.members import Member, Membership
from mapapp.store.posts import Post
from mapapp.store.treatments import Treatment, TreatmentUse

CARED_FOR = "carer"
"""The source of members placed by another member; see ``cared_for``."""
RECEIPTS: Table = Consent.__table__  # type: ignore[assignment]
NOT_ADULT = N_("This site is only for adults. If you are 18 or over, tick the box that says so.")


@dataclass(frozen=True)
class Receipt:
    """What was agreed to. ``slug`` and ``condition`` are empty for the account's purposes."""

    purpose: str
    condition_id: int | None
    slug: str
    condition: str
    version: str
    given: str
    withdrawn: str

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return not self.withdrawn

    @property
    def is_old(self) -> bool:
        """Whether it stands, but for words that have changed since."""
        return self.stands and self.version != PURPOSES[self.purpose].now.version


@dataclass(frozen=True)
class Asked:
    """Words that a member has to be asked about: on this map, or for the account."""

    member_id: int  # the member, or a person they care for
    purpose: str
    condition_id: int | None
    slug: str
    condition: str
    before: str  # the version agreed to before, '' for none


def agree(session: Session, member_id: int, purpose: str, condition_id: int | None = None) -> None:
    """Write a receipt for the words in force; one that stands already is left as it is.

    Raises:
        BadInputError: for a purpose that does not exist.
    """
    words = _known(purpose).now
    standing = _standing(session, member_id, purpose, condition_id)
    if words.version in standing:
        return
    if standing:
        take_back(session, member_id, purpose, condition_id)
    session.execute(insert(RECEIPTS), [receipt(member_id, purpose, condition_id)])


def take_back(
    session: Session, member_id: int, purpose: str, condition_id: int | None = None
) -> None:
    """Mark the receipt as taken back; where there is none, nothing happens."""
    take_back_all(session, member_id, (purpose,), condition_id)


def take_back_all(
    session: Session, member_id: int, purposes: Collection[str], condition_id: int | None
) -> None:
    """As ``take_back``, for several purposes."""
    mine = (Consent.member_id == member_id, Consent.condition_id == condition_id)
    session.execute(
        update(Consent)
        .where(*mine, Consent.purpose.in_(purposes), Consent.withdrawn == "")
        .values(withdrawn=this_month())
    )


def receipt(member_id: int, purpose: str, condition_id: int | None) -> dict[str, object]:
    """Return the row of a receipt for the words in force."""
    return {
        "member_id": member_id,
        "condition_id": condition_id,
        "purpose": purpose,
        "version": PURPOSES[purpose].now.version,
        "given": this_month(),
        "withdrawn": "",
    }


def take_back_beyond(session: Session, member_id: int, condition_id: int, visibility: str) -> None:
    """Take back what ``visibility`` does not rest on; nothing is agreed to."""
    for purpose in NEEDED["public"]:
        if purpose not in NEEDED[visibility]:
            take_back(session, member_id, purpose, condition_id)


def left_without(session: Session, member_id: int, condition_id: int, purpose: str) -> str:
    """Return the widest visibility that the member agreed to, other than by ``purpose``.

    Who agreed to be shown to members before there was anything narrower is not put among the people
    on a map by taking it back.
    """
    left = WITHOUT[purpose]
    while left in WITHOUT and not _standing(session, member_id, left, condition_id):
        left = WITHOUT[left]
    return left


def has_agreed(session: Session, member_id: int, purpose: str) -> bool:
    """Whether the member agrees to a purpose of the account, in whatever words."""
    return bool(_standing(session, member_id, purpose, None))


def require_adult(session: Session, member_id: int) -> None:
    """Refuse a member who has not said that they are 18 or over.

    Raises:
        BadInputError: then.
    """
    if not has_agreed(session, member_id, ADULT):
        raise BadInputError(NOT_ADULT)


def receipts(session: Session, member_id: int) -> list[Receipt]:
    """Return the member's receipts, those that stand first, then by month and map."""
    rows = session.execute(
        select(
            Consent.purpose,
            Consent.condition_id,
            Condition.slug,
            Condition.name,
            Consent.version,
            Consent.given,
            Consent.withdrawn,
        )
        .outerjoin(Condition, Condition.id == Consent.condition_id)
        .where(Consent.member_id == member_id)
        .order_by(
            Consent.withdrawn != "",
            func.coalesce(Condition.name, ""),
            Consent.given.desc(),
            Consent.id,
        )
    )
    return [Receipt(r[0], r[1], r[2] or "", r[3] or "", *r[4:]) for r in rows]


def to_ask(session: Session, member_id: int) -> list[Asked]:
    """Return every purpose that is in use, but not agreed to in the words in force.

    What was agreed to before holds until the member has answered.
    """
    known = {
        (subject, purpose, condition_id): version
        for subject, purpose, condition_id, version in session.execute(
            select(Consent.member_id, Consent.purpose, Consent.condition_id, Consent.version)
            .join(Member, Member.id == Consent.member_id)
            .where(Consent.withdrawn == "", _mine(member_id))
        )
    }
    of_account = [(m, p, None, "", "") for m, p, condition_id in known if condition_id is None]
    in_use = _in_use(session, member_id)
    used = {(subject, purpose, condition_id) for subject, purpose, condition_id, *_ in in_use}
    return [
        Asked(subject, purpose, condition_id, slug, name, before)
        for subject, purpose, condition_id, slug, name in [*in_use, *of_account]
        if (before := known.get((subject, purpose, condition_id), ""))
        != PURPOSES[purpose].now.version
        and (before or (subject, INCLUDED.get(purpose), condition_id) not in used)
    ]


def forget_old(session: Session, month: str) -> None:
    """Delete the receipts of consents withdrawn before ``month``: they are kept for a year."""
    session.execute(delete(Consent).where(Consent.withdrawn != "", Consent.withdrawn < month))


def _mine(member_id: int) -> ColumnElement[bool]:
    return or_(Member.id == member_id, Member.carer_id == member_id)


def _in_use(session: Session, member_id: int) -> list[tuple[int, str, int | None, str, str]]:
    """What memberships and posts rest on, also while they are hidden, and of people cared for."""
    rows = session.execute(
        select(
            Membership.member_id,
            Membership.visibility,
            Membership.chosen_visibility,
            Member.source,
            Condition.id,
            Condition.slug,
            Condition.name,
        )
        .join(Condition, Condition.id == Membership.condition_id)
        .join(Member, Member.id == Membership.member_id)
        .where(_mine(member_id))
        .order_by(Condition.name, Condition.id)
    )
    return [
        (row.member_id, purpose, row.id, row.slug, row.name)
        for row in rows
        for purpose in _needed(row.source, row.chosen_visibility or row.visibility)
    ] + _said(session, member_id)


def _said(session: Session, member_id: int) -> list[tuple[int, str, int | None, str, str]]:
    wrote = select(Post.condition_id).where(Post.member_id == member_id)
    tried = (
        select(Treatment.condition_id)
        .join(TreatmentUse, TreatmentUse.treatment_id == Treatment.id)
        .where(TreatmentUse.member_id == member_id)
    )
    gave = select(Membership.condition_id).where(
        Membership.member_id == member_id,
        or_(Membership.birth_decade.is_not(None), Membership.diagnosis_decade.is_not(None)),
    )
    about = select(Condition.id, Condition.slug, Condition.name).order_by(Condition.name)
    return [
        (member_id, purpose, row.id, row.slug, row.name)
        for purpose, conditions in ((WRITE, wrote), (TREATMENTS, tried), (DECADES, gave))
        for row in session.execute(about.where(Condition.id.in_(conditions)))
    ]


def _needed(source: str, visibility: str) -> tuple[str, ...]:
    return (CARE,) if source == CARED_FOR else NEEDED.get(visibility, ())


def _standing(session: Session, member_id: int, purpose: str, condition_id: int | None) -> set[str]:
    query = select(Consent.version).where(
        *_of(member_id, purpose, condition_id), Consent.withdrawn == ""
    )
    return set(session.scalars(query))


def _of(member_id: int, purpose: str, condition_id: int | None) -> tuple[ColumnElement[bool], ...]:
    # "IS NULL" for the account's purposes: that is what comparing with None becomes.
    return (
        Consent.member_id == member_id,
        Consent.purpose == purpose,
        Consent.condition_id == condition_id,
    )


def _known(purpose: str) -> Purpose:
    if purpose not in PURPOSES:
        raise BadInputError(N_("There is nothing of this kind to agree to."))
    return PURPOSES[purpose]
