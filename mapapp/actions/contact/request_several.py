"""Asking several people at once: one form, and a request to each, who decides alone.

Each reads that some others were asked, but neither who nor how many. Everything else is as with a
single request: limits count each person, and a no is silent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from mapapp.actions.contact.person_page import PersonPage, Requester, find_person, requester
from mapapp.actions.contact.request_send import (
    MOST_OPEN,
    NOT_OFFERED,
    NOT_PLACED,
    TOO_MANY_OPEN,
    check_person,
    refuse_who_cannot_ask,
    requests_open,
    send_to,
)
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.members.nearby_search import NearPerson, pages_near
from mapapp.actions.published.asker_here import AskerHere, bands_of_place
from mapapp.actions.published.listings import People, condition_by_slug
from mapapp.domain.core.choices import GREETINGS_TO_SEVERAL
from mapapp.domain.members.request_states import ANSWERABLE, UNANSWERED
from mapapp.errors import (
    N_,
    NO_WORDS,
    BadInputError,
    NotAllowedError,
    NotFoundError,
    Words,
)
from mapapp.store.contact import ContactRequest, Conversation, ConversationSide
from mapapp.store.members import Membership

PAGES_LOOKED_AT = 3
"""Of the list of those near: whoever cannot be asked is passed over."""
TO_ALL = "-all"
"""The end of a greeting's key where several are asked; without it, it is said to one."""


@dataclass(frozen=True)
class Askable:
    """Whom a member can ask at once.

    Attributes:
        people: the nearest who match, as many as may be asked.
        me: what they would read about the member.
        refusal: why nobody can be asked today, or ''.
    """

    people: tuple[NearPerson, ...]
    me: Requester
    refusal: Words = NO_WORDS


def whom_to_ask(ctx: Context, people: People, area_id: int) -> Askable:
    """Return whom the reader could ask at once of those near ``area_id`` who match.

    Those are left out who are asked already or in touch, and whoever does not want to be asked by
    the reader.

    Raises:
        NotFoundError: for an area that does not exist.
        NotAllowedError: when the reader is not on this map.
    """
    area_of_me = _own_area(ctx, people.condition_id)
    me = requester(ctx.session, ctx.areas, ctx.member_id, people.condition_id, area_of_me)
    if me is None:
        raise NotAllowedError(NOT_PLACED)
    left, refusal = _left(ctx)
    asker = AskerHere(me.role, me.languages, bands_of_place(ctx.areas, area_of_me))
    found: list[NearPerson] = []
    for page in pages_near(ctx.session, people, area_id, PAGES_LOOKED_AT) if left else ():
        known = _known(ctx, people.condition_id, [near.person.public_id for near in page])
        wanted = (near for near in page if near.person.public_id not in known)
        found += [near for near in wanted if asker.may_ask(near.person)]
        if len(found) >= left:
            break
    return Askable(tuple(found[:left]), me, refusal)


def ask_several(
    ctx: Context, slug: str, public_ids: Collection[str], reason: str, greeting: str
) -> int:
    """Send a request to each of several people, or to none; return how many it went to.

    Whoever cannot be asked, or not for this reason, is left out.

    Raises:
        NotFoundError: when there is no such condition.
        BadInputError: for a choice that is not offered, in a pause, and when nobody is left.
        NotAllowedError: when the sender is not on this map, or silenced.
        LimitError: when a limit of privacy rule 6 is reached; then nobody is asked.
    """
    wanted = sorted(set(public_ids))
    if greeting not in GREETINGS_TO_SEVERAL or not 0 < len(wanted) <= quotas.NEW_PEOPLE.most:
        raise BadInputError(NOT_OFFERED)
    # As with a single request: one of a member's at a time, and all in one order.
    others = select(Membership.member_id).where(Membership.public_id.in_(wanted))
    lock_members(ctx.session, ctx.member_id, *ctx.session.scalars(others))
    refuse_who_cannot_ask(ctx)
    _own_area(ctx, condition_by_slug(ctx.session, slug).id)
    people = [person for one in wanted if (person := _person(ctx, one, slug, reason))]
    if not people:
        raise BadInputError(N_("None of them can be asked about this. Choose another reason."))
    if len(people) == 1:
        greeting = greeting.removesuffix(TO_ALL)
    for person in people:
        send_to(ctx, person, reason, greeting)
        ctx.session.flush()  # the next one counts it
    return len(people)


def _own_area(ctx: Context, condition_id: int) -> int:
    place = ctx.session.get(Membership, (condition_id, ctx.member_id))
    if place is None:
        raise NotAllowedError(NOT_PLACED)
    return place.area_id


def _person(ctx: Context, public_id: str, slug: str, reason: str) -> PersonPage | None:
    """Return somebody who can be asked, or None."""
    try:
        person = find_person(ctx.session, ctx.areas, ctx.member_id, public_id, slug)
        check_person(person, reason)
    except (NotFoundError, BadInputError, NotAllowedError):
        return None
    return person


def _left(ctx: Context) -> tuple[int, Words]:
    """Return how many people the member may still ask today, and why nobody, or ''."""
    unanswered = MOST_OPEN - requests_open(ctx)
    if unanswered <= 0:
        return 0, TOO_MANY_OPEN
    is_new = quotas.is_open(ctx, quotas.NEW_ACCOUNT, ctx.member_id)
    limit = quotas.NEW_PEOPLE_AT_FIRST if is_new else quotas.NEW_PEOPLE
    left = quotas.uses_left(ctx, limit, ctx.member_id)
    return min(left, unanswered), NO_WORDS if left else limit.message


def _known(ctx: Context, condition_id: int, public_ids: Sequence[str]) -> frozenset[str]:
    """Return those whom the member asked, who ask the member, or who are in touch with them."""
    me, them, request = ctx.member_id, Membership.member_id, ContactRequest
    here = request.condition_id == condition_id
    asked = exists().where(
        here,
        request.from_member_id == me,
        request.to_member_id == them,
        request.state.in_(UNANSWERED),
    )
    asks = exists().where(
        here,
        request.to_member_id == me,
        request.from_member_id == them,
        request.state.in_(ANSWERABLE),
    )
    mine, theirs = aliased(ConversationSide), aliased(ConversationSide)
    in_touch = exists().where(
        mine.member_id == me,
        theirs.conversation_id == mine.conversation_id,
        theirs.member_id == them,
        Conversation.id == mine.conversation_id,
        Conversation.condition_id == condition_id,
    )
    found = select(Membership.public_id).where(
        Membership.public_id.in_(public_ids), or_(asked, asks, in_touch)
    )
    return frozenset(ctx.session.scalars(found))
