"""What can be reported, as its reporter may see it, and what of it is kept as evidence."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from mapapp.actions.contact.person_page import find_person, map_of, requester
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.post_hold import post_evidence
from mapapp.actions.knowledge.post_list import post
from mapapp.actions.published.card_lists import Listing
from mapapp.actions.safety.case_open import message_evidence
from mapapp.domain.areas.area_phrases import told_line
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.core.free_text import SENT
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.core.visibilities import NOBODY
from mapapp.domain.members.request_states import ACCEPTED, DECLINED, LATER, OPEN
from mapapp.domain.safety.case_rules import ANSWER, CONTACT_REQUEST, MESSAGE, PERSON, POSTS
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest, Conversation, ConversationSide, Message
from mapapp.store.members import Member, Membership
from mapapp.store.posts import Post

NO_PIECE = N_("There is nothing to report at this address any more, or nothing that you can see.")
READABLE = (OPEN, LATER, DECLINED, ACCEPTED)
"""States of a request in which its receiver can still read it."""


@dataclass(frozen=True)
class Reported:
    """Something to report: what the reporter sees of it, whose it is, and a copy of it.

    Attributes:
        subject_id: whose it is; never shown.
        condition_id: on whose map.
        pseudonym: theirs, may be ''.
        text: the words of a message or a post, '' for everything else.
        back: the address of the conversation of a message, '' otherwise.
        evidence: plain values, for moderators.
    """

    kind: str
    piece: str
    subject_id: int
    condition_id: int
    pseudonym: str
    text: str
    back: str
    evidence: dict[str, Any]


def find_reported(ctx: Context, kind: str, piece: str, slug: str = "") -> Reported:
    """Return what the reader wants to report.

    Args:
        kind: one of ``domain.safety.case_rules.REPORTED_KINDS``.
        piece: the public id of a person, a request or a message.
        slug: of a person: the condition on whose map they were seen.

    Raises:
        NotFoundError: for what is not there, or not for this reader: no difference.
        BadInputError: for the reader.
    """
    if kind == PERSON:
        return _person(ctx.session, ctx.areas, ctx.member_id, piece, slug)
    if kind == CONTACT_REQUEST:
        return _knock(ctx.session, ctx.areas, ctx.member_id, piece)
    if kind == MESSAGE:
        return _message(ctx.session, ctx.member_id, piece)
    if kind in POSTS:
        return _post(ctx.session, ctx.member_id, kind, piece)
    raise NotFoundError(NO_PIECE)


def is_named(session: Session, piece: str) -> bool:
    """Whether members are told who wrote a post; not for one that is gone."""
    row = session.execute(
        select(Post.named_to, Post.hidden_reasons).where(Post.public_id == piece)
    ).one_or_none()
    if row is None or row.named_to == NOBODY:
        return False
    return HiddenReason.NO_ANSWER not in row.hidden_reasons


def _person(session: Session, areas: Areas, reader_id: int, piece: str, slug: str) -> Reported:
    seen_on = slug or map_of(session, reader_id, piece)
    person = find_person(session, areas, reader_id, piece, seen_on)
    if person.is_me:
        raise BadInputError(N_("This is you."))
    whose = (person.member_id, person.condition_id)
    evidence = card_evidence(areas, person.listing, person.condition)
    return Reported(PERSON, piece, *whose, person.listing.pseudonym, "", "", evidence)


def card_evidence(areas: Areas, listing: Listing, condition: str) -> dict[str, Any]:
    """Return what a map shows of a person, as plain values."""
    return {
        "pseudonym": listing.pseudonym,
        "role": listing.role,
        "languages": list(listing.languages),
        "condition": condition,
        "area": _area(areas, listing.area_id),
    }


def _area(areas: Areas, area_id: int) -> str:
    """Return an area as pages name it, at the precision that is shown."""
    if area_id >= len(areas):  # the areas were redrawn
        return ""
    return ", ".join(areas.get(i).name for i in told_line(areas, area_id))


def _knock(session: Session, areas: Areas, reader_id: int, piece: str) -> Reported:
    row = session.execute(
        select(ContactRequest, Condition.name, Membership.area_id, Member.id)
        .join(Member, Member.id == ContactRequest.from_member_id)
        .join(Condition, Condition.id == ContactRequest.condition_id)
        .outerjoin(
            Membership,
            (Membership.condition_id == ContactRequest.condition_id)
            & (Membership.member_id == reader_id),
        )
        .where(
            ContactRequest.public_id == piece,
            ContactRequest.to_member_id == reader_id,
            ContactRequest.state.in_(READABLE),
            ContactRequest.unheard.is_(False),
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError(NO_PIECE)
    request, condition, my_area, asker_id = row
    who = requester(session, areas, asker_id, request.condition_id, my_area or 0)
    pseudonym = who.pseudonym if who else ""
    evidence = {
        "pseudonym": pseudonym,
        "reason": request.reason,
        "greeting": request.greeting,
        "role": who.role if who else "",
        # A member who is only counted told it to the person they asked, and to no moderator.
        "condition": condition if who and who.area_id is not None else "",
    }
    whose = (asker_id, request.condition_id)
    return Reported(CONTACT_REQUEST, piece, *whose, pseudonym, "", "", evidence)


def _message(session: Session, reader_id: int, piece: str) -> Reported:
    mine, theirs = aliased(ConversationSide), aliased(ConversationSide)
    row = session.execute(
        select(Message, Conversation, func.coalesce(Membership.pseudonym, theirs.left_as))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(mine, mine.conversation_id == Conversation.id)
        .join(theirs, theirs.conversation_id == Conversation.id)
        .outerjoin(
            Membership,
            (Membership.member_id == Message.sender_id)
            & (Membership.condition_id == Conversation.condition_id),
        )
        .where(
            Message.public_id == piece,
            mine.member_id == reader_id,
            theirs.member_id == Message.sender_id,
            Message.sender_id != reader_id,
            Message.state == SENT,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError(NO_PIECE)
    message, conversation, pseudonym = row
    whose = (message.sender_id, conversation.condition_id)
    evidence = message_evidence(session, message)
    return Reported(
        MESSAGE, piece, *whose, pseudonym, message.text, conversation.public_id, evidence
    )


def _post(session: Session, reader_id: int, kind: str, piece: str) -> Reported:
    line = post(session, reader_id, piece)
    if (kind == ANSWER) != (line.question_id is not None):
        raise NotFoundError(NO_PIECE)
    if line.is_mine:
        raise BadInputError(N_("This is your own. You can change or delete it."))
    found = session.scalars(select(Post).where(Post.id == line.id)).one()
    evidence = post_evidence(session, found)
    whose = (found.member_id, found.condition_id)
    return Reported(kind, piece, *whose, line.pseudonym, line.text, "", evidence)
