"""A member's page, as another member may see it, and what the two could do together."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.contact.conversation_list import conversation_between
from mapapp.actions.contact.wish_edit import wishes_of
from mapapp.actions.published.blocked_pairs import not_blocked
from mapapp.actions.published.card_lists import Listing
from mapapp.actions.published.listings import (
    People,
    card_of,
    condition_by_slug,
    languages_of,
)
from mapapp.actions.published.readers import is_named_to
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.areas.distance import bands_from
from mapapp.domain.core.visibilities import ON_MAP, visibilities_for
from mapapp.domain.members.request_states import ANSWERABLE, UNANSWERED
from mapapp.domain.published.wishes import Asker, Wishes, why_not
from mapapp.errors import N_, NO_WORDS, NotFoundError, Words
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, Membership
from mapapp.store.published import ListingRow

NO_PERSON = N_("There is nobody at this address, or nobody you can see.")


@dataclass(frozen=True)
class Requester:
    """What the other side of a request reads about the sender.

    Attributes:
        pseudonym: may be ''.
        role: in this condition.
        languages: tags.
        area_id: at the coarser of both precisions; None for a member who shows no place.
        month: of their placement; only the years since then are shown.
    """

    pseudonym: str
    role: str
    languages: tuple[str, ...]
    area_id: int | None
    month: str


@dataclass(frozen=True)
class PersonPage:
    """A member who can be asked, as the reader may see them, and the state between the two.

    Attributes:
        member_id: theirs; never shown.
        me: what they would read about the reader; None when the reader is not on this map.
        wishes: what they would like to be asked.
        refusal: why the reader cannot ask, '' when they can.
        conversation: address of the conversation that there is, '' for none.
    """

    member_id: int
    condition_id: int
    condition: str
    slug: str
    listing: Listing
    is_me: bool
    me: Requester | None
    wishes: Wishes
    refusal: Words
    asked: bool
    asks_me: bool
    conversation: str


def map_of(session: Session, reader_id: int, public_id: str) -> str:
    """Return the slug of the condition on whose map the reader sees the person, by name.

    Raises:
        NotFoundError: when there is nobody, or nobody this reader may see, without a difference.
    """
    query = (
        select(Condition.slug)
        .join(ListingRow, ListingRow.condition_id == Condition.id)
        .join(Member, Member.id == ListingRow.member_id)
        .where(
            ListingRow.public_id == public_id,
            is_named_to(reader_id),
            Condition.shown,
            *not_blocked(reader_id, ListingRow.condition_id),
        )
    )
    slug = session.scalar(query)
    if slug is None:
        raise NotFoundError(NO_PERSON)
    return slug


def find_person(
    session: Session, areas: Areas, reader_id: int, public_id: str, slug: str
) -> PersonPage:
    """Return the person at ``public_id`` as a member of the condition.

    Raises:
        NotFoundError: when there is nobody, or nobody this reader may see, without a difference.
    """
    condition = condition_by_slug(session, slug)
    found = card_of(session, People(condition.id, reader_id), public_id)
    if found is None:
        raise NotFoundError(NO_PERSON)
    listing, other_id = found
    wishes = wishes_of(session, other_id, condition.id)
    here = session.get(Membership, (condition.id, reader_id))
    me = requester(session, areas, reader_id, condition.id, listing.area_id) if here else None
    refusal = NO_WORDS
    if here and me:
        asker = Asker(me.role, me.languages, _band(areas, listing.area_id, here.area_id))
        refusal = why_not(wishes, listing.languages, asker)
    return PersonPage(
        member_id=other_id,
        condition_id=condition.id,
        condition=condition.name,
        slug=condition.slug,
        listing=listing,
        is_me=other_id == reader_id,
        me=me,
        wishes=wishes,
        refusal=refusal,
        asked=has_request(session, reader_id, other_id, UNANSWERED, condition.id),
        asks_me=has_request(session, other_id, reader_id, ANSWERABLE, condition.id),
        conversation=conversation_between(session, condition.id, reader_id, other_id),
    )


def requester(
    session: Session, areas: Areas, asker_id: int, condition_id: int, asked_area: int
) -> Requester | None:
    """Return what a member at ``asked_area`` reads about the sender; None: they left the map."""
    row = session.execute(
        select(
            Membership.pseudonym,
            Membership.role,
            Membership.area_id,
            Membership.visibility,
            Membership.month,
        )
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.condition_id == condition_id, Membership.member_id == asker_id)
    ).one_or_none()
    if row is None:
        return None
    languages = languages_of(session, [asker_id]).get(asker_id, ())
    area = told_area(areas, row.area_id, row.visibility, asked_area)
    return Requester(row.pseudonym, row.role, languages, area, row.month)


def told_area(
    areas: Areas, area_id: int, visibility: str, asked_area: int, reader: str = ON_MAP
) -> int | None:
    """Return the area of the sender that a member at ``asked_area`` reads.

    A member who is only counted has told nobody where they are, and asking does not tell it.

    Args:
        areas: the tree.
        area_id: of the sender.
        visibility: of the sender.
        asked_area: of who is asked.
        reader: which kind of reader that is; only people who are listed on the map can be asked.
    """
    return coarser(areas, area_id, asked_area) if visibility in visibilities_for(reader) else None


def coarser(areas: Areas, area_id: int, other_id: int) -> int | None:
    """Return ``area_id`` at the coarser of both precisions; None when the areas were redrawn."""
    if max(area_id, other_id) >= len(areas):
        return None
    level = min(int(areas.level[area_id]), int(areas.level[other_id]))
    return next(i for i in areas.ancestors(area_id)[::-1] if areas.level[i] <= level)


def has_request(
    session: Session, from_id: int, to_id: int, states: Iterable[str], condition_id: int = 0
) -> bool:
    """Whether a request of one to the other, on any map or on one, is in one of the states."""
    found = select(ContactRequest.id).where(
        ContactRequest.from_member_id == from_id,
        ContactRequest.to_member_id == to_id,
        ContactRequest.state.in_(states),
    )
    if condition_id:
        found = found.where(ContactRequest.condition_id == condition_id)
    return session.scalar(found.limit(1)) is not None


def _band(areas: Areas, area_id: int, other_id: int) -> int:
    return int(bands_from(areas, area_id)[other_id]) if other_id < len(areas) else 0
