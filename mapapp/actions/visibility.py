"""Who sees a membership: choosing it, and what every change of it has to pass.

The live numbers follow in the same transaction. What is counted only changes no number, no version
and tells nobody (PRIVACY rules 3 and 4).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import consents, tell
from mapapp.actions.consents import CARED_FOR
from mapapp.actions.ended_requests import end_requests
from mapapp.actions.my_places import NO_PLACE
from mapapp.domain.areas import Areas
from mapapp.domain.aside import MODERATED
from mapapp.domain.cases import PERSON
from mapapp.domain.permissions import PAUSED, VISIBILITIES, is_listed
from mapapp.errors import BadInputError, NotFoundError
from mapapp.settings import Settings
from mapapp.store import live_counts
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Case

Shown = tuple[int, str]
"""Where somebody is counted, and who sees them: an area's id and a visibility."""


def set_visibility(
    session: Session,
    settings: Settings,
    areas: Areas,
    member_id: int,
    condition_id: int,
    visibility: str,
) -> None:
    """Change who sees a membership, and agree to it; the numbers follow at once.

    Raises:
        BadInputError: for a visibility that does not exist, and during a pause.
        NotFoundError: when the member has no place there.
    """
    if visibility not in VISIBILITIES:
        raise BadInputError("Choose who sees you.")
    refuse_paused(session, member_id)
    old = my_membership(session, member_id, condition_id)
    consents.agree_to_visibility(session, member_id, condition_id, visibility)
    # Said for this map alone, so nothing else is waited for; but nobody undoes a moderator's act.
    old.aside, old.before = kept_aside(old, visibility)
    show_as(session, settings, areas, old, PAUSED if old.aside else visibility)


def kept_aside(old: Membership, chosen: str) -> tuple[str, str]:
    """Return reason and choice of a membership for which ``chosen`` was said just now."""
    return (MODERATED, chosen) if MODERATED in old.aside else ("", "")


def is_set_aside(session: Session, member_id: int) -> bool:
    """Whether moderators keep a member out of all lists, or reports do until they decide."""
    hidden = select(Case.id).where(Case.subject_id == member_id, Case.hides, Case.kind == PERSON)
    suspended = select(Member.suspended).where(Member.id == member_id)
    return bool(session.scalar(suspended)) or session.scalar(hidden.limit(1)) is not None


def choose_less(
    session: Session,
    settings: Settings,
    areas: Areas,
    member_id: int,
    condition_id: int,
    visibility: str,
) -> None:
    """Choose to be seen by fewer people; a membership that is set aside stays so.

    Raises:
        NotFoundError: when the member has no place there.
    """
    old = my_membership(session, member_id, condition_id)
    consents.agree_to_visibility(session, member_id, condition_id, visibility)
    if old.aside:
        old.before = visibility
        session.flush()
    else:
        show_as(session, settings, areas, old, visibility)


def show_as(
    session: Session,
    settings: Settings,
    areas: Areas,
    old: Membership,
    visibility: str,
    *,
    is_news: bool = True,
) -> None:
    """Show a membership to others than before; nobody is asked again.

    Args:
        session: the transaction.
        settings: of the site.
        areas: the area table.
        old: the membership.
        visibility: the new one.
        is_news: whether people nearby are told when it is listed from now on.

    Raises:
        BadInputError: for somebody who is cared for, when it is to be listed.
    """
    refuse_listing(session, old.member_id, visibility)
    was = (old.area_id, old.visibility)
    old.visibility = visibility
    session.flush()
    who, now = (old.condition_id, old.member_id), (old.area_id, visibility)
    count_change(session, settings, areas, who, was, now, is_news=is_news)
    if is_listed(was[1]) and not is_listed(visibility):
        end_requests(session, old.member_id, old.condition_id)


def refuse_listing(session: Session, member_id: int, visibility: str) -> None:
    """Hold the rule about people who are cared for where every listing has to pass.

    Raises:
        BadInputError: for one of them who would be listed.
    """
    if is_listed(visibility):
        source = session.scalar(select(Member.source).where(Member.id == member_id))
        if source == CARED_FOR:
            raise BadInputError("Somebody you care for is counted, and never shown.")


def refuse_paused(session: Session, member_id: int) -> None:
    """Refuse to change who sees a member during a pause.

    Raises:
        BadInputError: then.
    """
    # Locked: two acts of one member, such as leaving and placing, come one after the other.
    paused = session.scalar(select(Member.paused).where(Member.id == member_id).with_for_update())
    if paused is None:
        raise NotFoundError("This account is gone.")
    if paused:
        raise BadInputError("Your account is paused. End the pause first, on your account page.")


def membership_of(session: Session, member_id: int, condition_id: int) -> Membership | None:
    """Return a membership, locked until the transaction ends, or None."""
    return session.get(
        Membership, (condition_id, member_id), populate_existing=True, with_for_update=True
    )


def my_membership(session: Session, member_id: int, condition_id: int) -> Membership:
    """Return a membership, locked.

    Raises:
        NotFoundError: when the member has no place there.
    """
    found = membership_of(session, member_id, condition_id)
    if found is None:
        raise NotFoundError(NO_PLACE)
    return found


def count_change(
    session: Session,
    settings: Settings,
    areas: Areas,
    who: tuple[int, int],
    before: Shown | None,
    after: Shown,
    *,
    is_news: bool = True,
) -> None:
    """Bring the live numbers of ``who`` (condition, member) from ``before`` to ``after``."""
    condition_id, member_id = who
    was = before is not None and is_listed(before[1])
    listed = is_listed(after[1])
    moved = before is None or before[0] != after[0]
    if was and before is not None and (moved or not listed):
        live_counts.change(session, condition_id, before[0], -1)
    if listed and (moved or not was):
        live_counts.change(session, condition_id, after[0], 1)
    if listed and not was and is_news:
        tell.tell_near(session, settings, areas, condition_id, after[0], member_id)
