"""Asking another member for contact, and answering.

A request is made of choices, without a free word. Declining is silent: whoever asked sees an
unanswered request, and everything that is counted for them stays as if it were open. It also lasts:
who hides, returns and asks again sees a request like the first, and the other side sees nothing.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from mapapp.actions import quotas
from mapapp.actions.find import Listing, condition_by_slug, listed_people, shown_to
from mapapp.actions.notices import notify
from mapapp.domain.permissions import LISTED, visibilities_for
from mapapp.domain.wording import REASONS
from mapapp.errors import BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.connections import (
    ACCEPTED,
    DECLINED,
    LEFT,
    OPEN,
    REFUSED,
    UNANSWERED,
    ContactRequest,
)
from mapapp.store.members import Member, Membership

MOST_OPEN = 20
NOBODY = "There is nobody at this address, or nobody whom you may see."


@dataclass(frozen=True)
class Whom:
    """Somebody who can be asked, as the reader may see them, and how things stand."""

    condition_id: int
    condition: str
    slug: str
    listing: Listing
    is_me: bool
    is_member: bool  # the reader, of the same condition
    asked: bool
    asks_me: bool


@dataclass(frozen=True)
class Request:
    """A request in the inbox, seen from one side."""

    public_id: str
    slug: str
    condition: str
    reason: str
    state: str
    month: str
    other_public_id: str  # '' when the other one has left the site
    pseudonym: str
    listed: bool  # whether the other one is still shown to the reader


@dataclass(frozen=True)
class Inbox:
    """Requests to and from a member, in no order that tells times finer than the month."""

    received: tuple[Request, ...]
    sent: tuple[Request, ...]


def maps_of(session: Session, public_id: str) -> tuple[tuple[str, str], ...]:
    """Return (slug, name) of the conditions in which members see the person, by name.

    Raises:
        NotFoundError: when there is nobody, or nobody whom members may see: no difference.
    """
    query = (
        select(Condition.slug, Condition.name)
        .join(Membership, Membership.condition_id == Condition.id)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Member.public_id == public_id,
            Member.active.is_(True),
            Membership.visibility.in_(visibilities_for(True)),
            Condition.shown,
        )
        .order_by(Condition.name, Condition.slug)
    )
    found = tuple((slug, name) for slug, name in session.execute(query))
    if not found:
        raise NotFoundError(NOBODY)
    return found


def whom(session: Session, reader_id: int, public_id: str, slug: str) -> Whom:
    """Return the person at ``public_id`` as a member of the condition.

    Raises:
        NotFoundError: when there is nobody, or nobody whom this reader may see: no difference.
    """
    condition = condition_by_slug(session, slug)
    shown = shown_to(condition.id, True, None, None)
    found = listed_people(session, (*shown, Member.public_id == public_id), 0, 1)
    if not found:
        raise NotFoundError(NOBODY)
    other_id = session.scalars(select(Member.id).where(Member.public_id == public_id)).one()
    return Whom(
        condition_id=condition.id,
        condition=condition.name,
        slug=condition.slug,
        listing=found[0],
        is_me=other_id == reader_id,
        is_member=_is_member(session, reader_id, condition.id),
        asked=_unanswered(session, condition.id, reader_id, other_id, UNANSWERED),
        asks_me=_unanswered(session, condition.id, other_id, reader_id, (OPEN,)),
    )


def ask(
    session: Session,
    settings: Settings,
    reader_id: int,
    public_id: str,
    slug: str,
    reason: str,
    now: int | None = None,
) -> None:
    """Send a request.

    Raises:
        NotFoundError: as ``whom``.
        BadInputError: for a reason that is not offered, oneself, or a request that stands already.
        NotAllowedError: for who is not a member of the condition.
        LimitError: when a limit of rule 6 is reached.
    """
    # One request of a member after the other, so that two at once cannot pass the same check.
    session.execute(select(Member.id).where(Member.id == reader_id).with_for_update())
    person = whom(session, reader_id, public_id, slug)
    _check(person, reason)
    sent = select(func.count()).where(
        ContactRequest.from_member_id == reader_id, ContactRequest.state.in_(UNANSWERED)
    )
    if (session.scalar(sent) or 0) >= MOST_OPEN:
        raise LimitError("You have 20 requests without an answer. Wait until somebody answers one.")
    moment = int(time.time()) if now is None else now
    other_id = session.scalars(select(Member.id).where(Member.public_id == public_id)).one()
    if not _asked_before(session, reader_id, other_id):
        _spend(session, settings.secret, reader_id, moment)
    refused = _unanswered(session, person.condition_id, reader_id, other_id, (REFUSED,))
    session.add(
        ContactRequest(
            condition_id=person.condition_id,
            from_member_id=reader_id,
            to_member_id=other_id,
            reason=reason,
            state=DECLINED if refused else OPEN,
            month=datetime.fromtimestamp(moment, UTC).strftime("%Y-%m"),
        )
    )
    if not refused:
        notify(session, settings, other_id, "request", "/inbox")


def inbox(session: Session, reader_id: int) -> Inbox:
    """Return the requests that the member received and sent."""
    received = all_requests(session, reader_id, sent=False)
    sent = all_requests(session, reader_id, sent=True)
    return Inbox(
        tuple(r for r in received if r.state in {OPEN, ACCEPTED, LEFT}),
        tuple(r for r in sent if r.state in {*UNANSWERED, ACCEPTED, LEFT}),
    )


def answer(
    session: Session, settings: Settings, reader_id: int, request_id: str, yes: bool
) -> None:
    """Accept or decline a request that was sent to the member. Declining tells nobody.

    Raises:
        NotFoundError: when there is no such open request to this member.
    """
    mine = (ContactRequest.public_id == request_id, ContactRequest.to_member_id == reader_id)
    asker = session.scalar(select(ContactRequest.from_member_id).where(*mine))
    changed = session.execute(
        update(ContactRequest)
        .where(*mine, ContactRequest.state == OPEN)
        .values(state=ACCEPTED if yes else DECLINED)
    )
    if changed.rowcount != 1 or asker is None:  # type: ignore[attr-defined]
        raise NotFoundError("This request was answered already, or taken back.")
    if yes:
        notify(session, settings, asker, "request", "/inbox")


def put_away(session: Session, reader_id: int, request_id: str) -> None:
    """Take the request of somebody who has left out of the member's inbox.

    Raises:
        NotFoundError: when there is no such request.
    """
    mine = or_(ContactRequest.from_member_id == reader_id, ContactRequest.to_member_id == reader_id)
    gone = session.execute(
        delete(ContactRequest).where(
            ContactRequest.public_id == request_id, ContactRequest.state == LEFT, mine
        )
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError("This was put away already.")


def _check(person: Whom, reason: str) -> None:
    if person.is_me:
        raise BadInputError("This is you.")
    if not person.is_member:
        raise NotAllowedError("Put yourself on this map first. Then you can ask for contact.")
    if reason not in REASONS:
        raise BadInputError("Choose a reason from the list.")
    if person.asked:
        raise BadInputError("You have asked already. You will see the answer in your inbox.")
    if person.asks_me:
        raise BadInputError("This person has asked you. You can answer in your inbox.")


def _spend(session: Session, secret: str, reader_id: int, now: int) -> None:
    limit = quotas.NEW_PEOPLE
    if quotas.is_open(session, secret, quotas.NEW_ACCOUNT, reader_id, now=now):
        limit = quotas.NEW_PEOPLE_AT_FIRST
    quotas.use(session, secret, limit, reader_id, now=now)


def _is_member(session: Session, member_id: int, condition_id: int) -> bool:
    return session.get(Membership, (condition_id, member_id)) is not None


def _asked_before(session: Session, from_id: int, to_id: int) -> bool:
    """Whether a request to them stands or was accepted; one that was withdrawn does not count."""
    pair = (
        ContactRequest.from_member_id == from_id,
        ContactRequest.to_member_id == to_id,
        ContactRequest.state.in_((*UNANSWERED, ACCEPTED)),
    )
    return session.scalar(select(ContactRequest.id).where(*pair).limit(1)) is not None


def _unanswered(
    session: Session, condition_id: int, from_id: int, to_id: int, states: tuple[str, ...]
) -> bool:
    found = select(ContactRequest.id).where(
        ContactRequest.condition_id == condition_id,
        ContactRequest.from_member_id == from_id,
        ContactRequest.to_member_id == to_id,
        ContactRequest.state.in_(states),
    )
    return session.scalar(found.limit(1)) is not None


def all_requests(session: Session, reader_id: int, *, sent: bool) -> list[Request]:
    """Return what the member sent or received, in every state, newest month first.

    States are true here: whoever shows them must not tell a sender what is silent.
    """
    sides = (ContactRequest.from_member_id, ContactRequest.to_member_id)
    my_side, other_side = sides if sent else sides[::-1]
    other = aliased(Member)
    theirs = aliased(Membership)
    query = (
        select(
            ContactRequest.public_id,
            Condition.slug,
            Condition.name,
            ContactRequest.reason,
            ContactRequest.state,
            ContactRequest.month,
            other.public_id,
            other.pseudonym,
            theirs.visibility.in_(LISTED),
        )
        .join(Condition, Condition.id == ContactRequest.condition_id)
        .outerjoin(other, other.id == other_side)
        .outerjoin(
            theirs,
            (theirs.member_id == other.id) & (theirs.condition_id == ContactRequest.condition_id),
        )
        .where(my_side == reader_id)
        .order_by(ContactRequest.month.desc(), ContactRequest.public_id)
    )
    return [
        Request(*row[:6], row[6] or "", row[7] or "", listed=bool(row[8]))
        for row in session.execute(query)
    ]
