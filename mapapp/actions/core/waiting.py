"""What waits for a member or the staff, which each page's header says."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from mapapp.domain.core.free_text import UNDELIVERED
from mapapp.store.contact import ContactRequest, ConversationSide, Message
from mapapp.store.members import SHOWN, AdviserOffer, PeopleAlert
from mapapp.store.moderation import Case, Ruling
from mapapp.store.published import ListingRow, of_membership, stands

ASKED_FOR_ANSWER, CASES_WAIT, OFFER_WAITS = "open", ("open", "appealed"), "offered"
"""States of requests, cases and offers, whose rooms lie above this one; a test compares them."""
MOST_SAID = 9
"""The largest number that is said; from there on it is "9+"."""


@dataclass(frozen=True)
class Waiting:
    """How much waits, each up to one more than ``MOST_SAID``.

    Attributes:
        requests: to this member, neither answered nor kept for later.
        answers: conversations that began with a yes to this member and were not opened since.
        messages: not read yet.
        news: of people on maps, which this member asked for and has not put away.
        rulings: decisions about this member, not read yet.
        cases: that nobody on the staff has taken, for staff.
        offers: to help newcomers, of people whom a map shows, for staff.
    """

    requests: int = 0
    answers: int = 0
    messages: int = 0
    news: int = 0
    rulings: int = 0
    cases: int = 0
    offers: int = 0

    @property
    def inbox(self) -> int:
        """How much waits in the inbox."""
        return self.requests + self.answers + self.messages

    @property
    def work(self) -> int:
        """How much waits for the staff."""
        return self.cases + self.offers

    @property
    def all(self) -> int:
        """How much waits altogether."""
        return self.inbox + self.news + self.rulings + self.work


NOTHING_WAITS = Waiting()


def waiting(session: Session, owner_id: int, *, suspended: bool, staff: bool) -> Waiting:
    """Return what waits for a member, by one statement that stops counting soon.

    Who is suspended reads decisions alone.
    """
    asked = {"rulings": _rulings(owner_id)}
    if not suspended:
        asked |= {
            "requests": _requests(owner_id),
            "answers": _answers(owner_id),
            "messages": _messages(owner_id),
            "news": _news(owner_id),
        }
    if staff:
        asked |= {"cases": _cases(owner_id), "offers": _offers(owner_id)}
    counts = select(*(_up_to(query).label(name) for name, query in asked.items()))
    return Waiting(**session.execute(counts).one()._mapping)


def _up_to(query: Select[Any]) -> ScalarSelect[int]:
    few = query.limit(MOST_SAID + 1).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def _requests(reader_id: int) -> Select[int]:
    return select(ContactRequest.id).where(
        ContactRequest.to_member_id == reader_id, ContactRequest.state == ASKED_FOR_ANSWER
    )


def _answers(reader_id: int) -> Select[int]:
    return select(ConversationSide.id).where(
        ConversationSide.member_id == reader_id, ConversationSide.is_news
    )


def _messages(reader_id: int) -> Select[int]:
    return (
        select(Message.id)
        .join(ConversationSide, ConversationSide.conversation_id == Message.conversation_id)
        .where(
            ConversationSide.member_id == reader_id,
            Message.sender_id != reader_id,
            Message.id > ConversationSide.seen,
            Message.state.not_in(UNDELIVERED),
        )
    )


def _news(reader_id: int) -> Select[int]:
    return select(PeopleAlert.people).where(
        PeopleAlert.member_id == reader_id, PeopleAlert.news == SHOWN
    )


def _rulings(owner_id: int) -> Select[int]:
    return select(Ruling.id).where(Ruling.member_id == owner_id, Ruling.read.is_(False))


def _cases(reader_id: int) -> Select[int]:
    return select(Case.id).where(
        Case.state.in_(CASES_WAIT), Case.subject_id.is_distinct_from(reader_id)
    )


def _offers(reader_id: int) -> Select[int]:
    card = of_membership(AdviserOffer.condition_id, AdviserOffer.member_id)
    return (
        select(AdviserOffer.member_id)
        .join(ListingRow, card & stands())
        .where(AdviserOffer.state == OFFER_WAITS, AdviserOffer.member_id != reader_id)
    )
