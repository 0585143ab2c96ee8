"""The requests that a member received and sent, and what to answer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from mapapp.actions.contact.conversation_list import begin, sides
from mapapp.actions.contact.message_send import notify_of_message
from mapapp.actions.contact.person_page import Requester, told_area
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.published.listings import languages_of
from mapapp.actions.published.readers import is_named_to
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.core.visibilities import kind_of_member
from mapapp.domain.members.request_states import (
    ACCEPT,
    ANSWERABLE,
    BARRED,
    DECLINE,
    END,
    LEFT,
    PUT_OFF,
    UNANSWERED,
    next_state,
)
from mapapp.errors import N_, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, Membership
from mapapp.store.published import of_membership

ANSWERED = N_("This request has already been answered, or was withdrawn.")


@dataclass(frozen=True)
class Request:
    """A request, seen from one side.

    ``requester`` is what is read about who asks; None on the side that asked, and when they left.
    """

    public_id: str
    slug: str
    condition: str
    reason: str
    greeting: str
    state: str
    month: str
    other_public_id: str  # '' when the other member has left the site
    pseudonym: str
    listed: bool  # whether the other member is still shown to the reader
    requester: Requester | None = None


@dataclass(frozen=True)
class Inbox:
    """Requests to and from a member, in an order that reveals no time finer than the month."""

    received: tuple[Request, ...]
    put_off: tuple[Request, ...]
    sent: tuple[Request, ...]


def inbox(session: Session, areas: Areas, reader_id: int) -> Inbox:
    """Return the unanswered requests, and those whose other side has left."""
    received = all_requests(session, reader_id, sent=False, areas=areas)
    sent = all_requests(session, reader_id, sent=True)
    return Inbox(
        tuple(r for r in received if r.state in {ANSWERABLE[0], LEFT}),
        tuple(r for r in received if r.state == ANSWERABLE[1]),
        tuple(r for r in sent if r.state in {*UNANSWERED, LEFT}),
    )


def accept(ctx: Context, request_id: str) -> str:
    """Accept a request; return the id of the conversation that begins.

    Raises:
        NotFoundError: when there is no such unanswered request to this member.
    """
    # Not refused in a pause: it has ended every request to the member, and nobody can send one
    # meanwhile. A yes that crosses with it was meant.
    mine = (ContactRequest.public_id == request_id, ContactRequest.to_member_id == ctx.member_id)
    asker = ctx.session.scalar(select(ContactRequest.from_member_id).where(*mine))
    lock_members(
        ctx.session, ctx.member_id, asker
    )  # two who accept each other begin one conversation
    condition_id, asker_id = _answer(ctx.session, ctx.member_id, request_id, ACCEPT)
    conversation = begin(ctx.session, condition_id, asker_id, ctx.member_id)
    # The mail of the conversation, and not one more: the next is worth it when this one was read.
    notify_of_message(
        ctx, sides(ctx.session, ctx.member_id, conversation).conversation_id, asker_id
    )
    return conversation


def decline(session: Session, reader_id: int, request_id: str) -> None:
    """Decline a request; nobody is told.

    Raises:
        NotFoundError: as ``accept``.
    """
    _answer(session, reader_id, request_id, DECLINE)


def put_off(session: Session, reader_id: int, request_id: str) -> None:
    """Keep a request for later; the sender sees no difference.

    Raises:
        NotFoundError: as ``accept``.
    """
    _answer(session, reader_id, request_id, PUT_OFF)


def withdraw(session: Session, asker_id: int, request_id: str) -> None:
    """Take back a request that was not accepted; the other side sees nothing of it any more.

    What is taken back after a silent no looks the same to the sender, and the no lasts.

    Raises:
        NotFoundError: when there is no such request of this member, or it was accepted or ended.
    """
    mine = (ContactRequest.public_id == request_id, ContactRequest.from_member_id == asker_id)
    state = session.scalar(select(ContactRequest.state).where(*mine).with_for_update())
    if state is None:
        raise NotFoundError(ANSWERED)
    session.execute(update(ContactRequest).where(*mine).values(state=next_state(state, END)))


def asker_of(session: Session, reader_id: int, request_id: str) -> tuple[int, int]:
    """Return the member who sent a request that this member can read, and on which condition's map.

    Raises:
        NotFoundError: when there is none.
    """
    mine = (ContactRequest.public_id == request_id, ContactRequest.to_member_id == reader_id)
    row = session.execute(
        select(ContactRequest.from_member_id, ContactRequest.condition_id).where(
            *mine, ContactRequest.state.in_(ANSWERABLE)
        )
    ).one_or_none()
    if row is None or row.from_member_id is None:
        raise NotFoundError(ANSWERED)
    return row.from_member_id, row.condition_id


def put_away(session: Session, reader_id: int, request_id: str) -> None:
    """Take the request of a member who has left out of the member's inbox.

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
        raise NotFoundError(N_("This has already been removed from your inbox."))


def all_requests(
    session: Session, reader_id: int, *, sent: bool, areas: Areas | None = None
) -> list[Request]:
    """Return what the member sent or received, in every state but one, newest month first.

    States are true here: pages must not show the sender those that are silent. With ``areas``,
    each unanswered one says who asks. What is ``BARRED`` is shown to nobody, and what was never
    heard to its sender alone.
    """
    sides = (ContactRequest.from_member_id, ContactRequest.to_member_id)
    my_side, other_side = sides if sent else sides[::-1]
    other, mine, theirs = aliased(Member), aliased(Membership), aliased(Membership)
    here = ContactRequest.condition_id
    heard = () if sent else (ContactRequest.unheard.is_(False),)
    query = (
        select(
            ContactRequest.public_id,
            Condition.slug,
            Condition.name.label("condition"),
            Condition.shown,
            ContactRequest.reason,
            ContactRequest.greeting,
            ContactRequest.state,
            ContactRequest.month,
            theirs.public_id.label("other_public_id"),
            theirs.pseudonym,
            other.id.label("other_id"),
            theirs.visibility,
            theirs.role,
            theirs.area_id,
            theirs.month.label("since"),
            mine.area_id.label("my_area"),
            mine.visibility.label("my_visibility"),
            exists().where(of_membership(here, other.id), is_named_to(reader_id)).label("has_card"),
        )
        .join(Condition, Condition.id == ContactRequest.condition_id)
        .outerjoin(other, other.id == other_side)
        .outerjoin(theirs, (theirs.member_id == other.id) & (theirs.condition_id == here))
        .outerjoin(mine, (mine.member_id == my_side) & (mine.condition_id == here))
        .where(my_side == reader_id, ContactRequest.state != BARRED, *heard)
        .order_by(ContactRequest.month.desc(), ContactRequest.public_id)
    )
    rows = session.execute(query).all()
    spoken = languages_of(session, [row.other_id for row in rows if row.other_id]) if areas else {}
    return [_request(row, spoken, areas) for row in rows]


def _request(row: Any, spoken: dict[int, tuple[str, ...]], areas: Areas | None) -> Request:
    who, reader = None, kind_of_member(row.my_visibility)
    if areas and row.state in ANSWERABLE and row.role and row.my_area is not None:
        area = told_area(areas, row.area_id, row.visibility, row.my_area, reader)
        languages = spoken.get(row.other_id, ())
        who = Requester(row.pseudonym, row.role, languages, area, row.since)
    return Request(
        public_id=row.public_id,
        slug=row.slug,
        condition=row.condition,
        reason=row.reason,
        greeting=row.greeting,
        state=row.state,
        month=row.month,
        other_public_id=row.other_public_id or "",
        pseudonym=row.pseudonym or "",
        listed=row.shown and row.has_card,
        requester=who,
    )


def _answer(session: Session, reader_id: int, request_id: str, act: str) -> tuple[int, int]:
    """Apply ``act`` to a request to this member; return its condition and its sender."""
    mine = (ContactRequest.public_id == request_id, ContactRequest.to_member_id == reader_id)
    row = session.execute(
        select(ContactRequest.state, ContactRequest.condition_id, ContactRequest.from_member_id)
        .where(*mine)
        .with_for_update()
    ).one_or_none()
    if row is None or row.from_member_id is None:
        raise NotFoundError(ANSWERED)
    after = next_state(row.state, act)
    session.execute(update(ContactRequest).where(*mine).values(state=after))
    return row.condition_id, row.from_member_id
