"""Rows for tests. Each factory makes a complete, valid row; a test sets only what it is about."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.mail import consent_receipts
from mapapp.actions.published.publishing import WITH_THE_NEXT, publish_at_once
from mapapp.domain.core.visibilities import LISTED
from mapapp.domain.mail.consent_wordings import ADULT, MAIL, TREATMENTS
from mapapp.domain.mail.sealed_addresses import AddressKeys
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, MemberLanguage, Membership, MemberStaffRole, StaffRole
from mapapp.store.treatments import Treatment, TreatmentUse

ADDRESS_KEY = "a key for addresses in tests and for tests alone"
PLACED, TOGETHER = "placed by factories", "published together"
"""What a session holds of who waits to be published."""
_numbers = count(1)


def make_condition(session: Session, slug: str = "", **values: object) -> Condition:
    """Return the condition ``slug``, created if there is none."""
    number = next(_numbers)
    slug = slug or f"condition-{number}"
    found = session.scalar(select(Condition).where(Condition.slug == slug))
    if found is None:
        name = slug.replace("-", " ").capitalize()
        found = Condition(code=f"LOCAL:{number}", slug=slug, name=name, edited=True)
        session.add(found)
    for key, value in values.items():
        setattr(found, key, value)
    session.flush()
    return found


def make_member(
    session: Session,
    *,
    languages: Iterable[str] = ("en",),
    staff: bool | str = False,
    **values: object,
) -> Member:
    """Return a new member; ``staff=True`` makes it an admin, ``"moderator"`` a moderator.

    Whoever has an address has said to be 18 and agreed to mail. ``email=None`` makes one without
    an account. What was given can be read as ``member.email``.
    """
    number = next(_numbers)
    given = {"email": f"person{number}@example.org", "pseudonym": f"Person {number}", **values}
    email, keys = given.pop("email"), AddressKeys((ADDRESS_KEY,))
    if email:
        given |= {"address_mark": keys.mark(email), "address_sealed": keys.seal(email)}
    pseudonym = given.pop("pseudonym")
    member = Member(**given)
    # No columns, only for the test to read: who they are is said of each map, and the factory
    # gives them this name there. ``public_id`` is that of the last map on which it placed them.
    member.email, member.pseudonym, member.public_id = email, pseudonym, ""
    session.add(member)
    session.flush()
    session.add_all(MemberLanguage(member_id=member.id, language=tag) for tag in languages)
    for purpose in (ADULT, MAIL) if email else ():
        consent_receipts.agree(session, member.id, purpose)
    if staff:
        member.staff_name = pseudonym
        give_role(session, member, "admin" if staff is True else str(staff))
    session.flush()
    return member


def make_admin(session: Session, member: Member) -> None:
    """Give ``member`` the role of an admin."""
    give_role(session, member, "admin")


def give_role(session: Session, member: Member, name: str) -> None:
    """Give ``member`` a role of the staff: ``admin`` or ``moderator``."""
    role = session.scalar(select(StaffRole).where(StaffRole.name == name))
    if role is None:
        role = StaffRole(name=name)
        session.add(role)
        session.flush()
    member.staff_name = member.staff_name or getattr(member, "pseudonym", "")
    session.add(MemberStaffRole(member_id=member.id, role_id=role.id))


def make_membership(
    session: Session,
    condition: Condition,
    area_id: int,
    *,
    member: Member | None = None,
    visibility: str = "members",
    role: str = "self",
    **values: object,
) -> Membership:
    """Place ``member`` (default: a new one), published at once unless it has a ``due``."""
    member = member or make_member(session)
    given = {"area_version": "test", "month": "2026-11", "listing_order": next(_numbers), **values}
    given = {"pseudonym": getattr(member, "pseudonym", ""), **given}
    membership = Membership(
        condition_id=condition.id,
        member_id=member.id,
        area_id=area_id,
        visibility=visibility,
        role=role,
        **given,
    )
    session.add(membership)
    session.flush()
    member.public_id = membership.public_id
    if visibility in LISTED and membership.due is None:
        membership.due = WITH_THE_NEXT
        session.info.setdefault(PLACED, []).append(membership)
        if TOGETHER not in session.info:
            _publish(session)
    return membership


def make_crowd(
    session: Session, condition: Condition, area_id: int, n: int, visibility: str = "public"
) -> list[Membership]:
    """Place so many new people in an area."""
    with published_together(session):
        return [
            make_membership(session, condition, area_id, visibility=visibility) for _ in range(n)
        ]


@contextmanager
def published_together(session: Session) -> Iterator[None]:
    """Publish at the end, all at once, whoever is placed meanwhile: one by one takes 12 ms each."""
    session.info[TOGETHER] = True
    try:
        yield
    finally:
        del session.info[TOGETHER]
    _publish(session)


def _publish(session: Session) -> None:
    publish_at_once(session)
    for membership in session.info.pop(PLACED, ()):
        session.refresh(membership)


def make_treatment(
    session: Session, condition: Condition, name: str, state: str = "open", **values: object
) -> Treatment:
    """Return a new treatment in the list of ``condition``."""
    made = Treatment(condition_id=condition.id, name=name, state=state, **values)
    session.add(made)
    session.flush()
    return made


def make_uses(
    session: Session,
    condition: Condition,
    treatment: Treatment,
    n: int,
    outcome: str = "better",
    side_effects: bool = False,
    visibility: str = "members",
) -> list[Member]:
    """Return ``n`` new people on the map of ``condition`` who tried ``treatment``."""
    people = [make_member(session) for _ in range(n)]
    with published_together(session):
        for who in people:
            make_membership(session, condition, 1, member=who, visibility=visibility)
    for who in people:
        said = {"outcome": outcome, "side_effects": side_effects}
        session.add(TreatmentUse(treatment_id=treatment.id, member_id=who.id, **said))
        consent_receipts.agree(session, who.id, TREATMENTS, condition.id)
    session.flush()
    return people


def make_noise(session: Session, area_id: int = 1) -> None:
    """Rows that no number and no list of another condition may ever contain."""
    other = make_condition(session, "a-condition-nobody-asked-about")
    make_membership(session, other, area_id, visibility="public")
    make_membership(session, other, area_id, visibility="counted")
    make_member(session)
