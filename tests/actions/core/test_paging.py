"""Every list with pages: whoever stays is shown once, however many come and go meanwhile."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.conditions.condition_list import by_group, by_letter
from mapapp.actions.contact.conversation_list import begin
from mapapp.actions.contact.message_send import open_conversation
from mapapp.actions.core.paging import Page, Spot
from mapapp.actions.knowledge.post_list import Answers, answers, stories
from mapapp.actions.members.nearby_search import nearby
from mapapp.actions.moderation.case_queue import queue
from mapapp.actions.operations.staff_acts import find_conditions
from mapapp.actions.published.listings import People, listings
from mapapp.domain.areas.distance import FARTHER
from mapapp.domain.knowledge.post_rules import HELPFUL, NEWEST
from mapapp.domain.safety.case_rules import OPEN, RESOLVED
from mapapp.store.contact import Conversation, Message
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests import factories
from tests.places import zone_at_band, zones_of
from tests.searchable import make_post, make_question
from tests.worlds import HERE

DAY = date(2026, 11, 1)
STAY, GO, COME = 2.2, 1, 3
"""Pages of items that stay, pages of items that go, and how many come between two pages."""

Read = Callable[[Spot | None], Page[Any]]
Make = Callable[[str], Any]


@dataclass(frozen=True)
class Paged:
    """A list: how its pages are read, how an item is made, and what names a row and an item."""

    read: Read
    make: Make
    size: int
    name_of: Callable[[Any], str] = lambda item: str(item.public_id)


def _people(session: Session, source: random.Random) -> Paged:
    condition, zone = factories.make_condition(session, "dystonia"), zones_of(HERE)[0]

    def _make(_name: str) -> Member:
        member, order = factories.make_member(session), source.randrange(30)
        given = {"visibility": "public", "listing_order": order}
        factories.make_membership(session, condition, zone, member=member, **given)
        return member

    return Paged(lambda spot: listings(session, People(condition.id), 0, spot), _make, 20)


def _near(session: Session, source: random.Random, bands: tuple[int, ...] = (0, 2, 4)) -> Paged:
    condition, zone = factories.make_condition(session, "dystonia"), zones_of(HERE)[0]
    zones = [zone if band == 0 else zone_at_band(zone, band) for band in bands]

    def _make(_name: str) -> Member:
        member, order = factories.make_member(session), source.randrange(30)
        given = {"visibility": "public", "listing_order": order}
        factories.make_membership(session, condition, source.choice(zones), member=member, **given)
        return member

    def _name_of(item: Any) -> str:
        return str(getattr(item, "person", item).public_id)

    read = lambda spot: nearby(session, People(condition.id), zone, spot).listed  # noqa: E731
    return Paged(read, _make, 20, _name_of)


def _far(session: Session, source: random.Random) -> Paged:
    return _near(session, source, (FARTHER,))


def _conditions(session: Session, source: random.Random, read: Read, size: int) -> Paged:
    def _make(name: str) -> Any:
        word = source.choice("ÄZzéa") + name
        values = {"name": f"Q{word}", "group": "zqx", "listed": source.randrange(4)}
        return factories.make_condition(session, f"zqx-{name}", **values)

    return Paged(read, _make, size, lambda item: str(item.slug))


def _letter(session: Session, source: random.Random) -> Paged:
    return _conditions(session, source, lambda spot: by_letter(session, "Q", spot), 100)


def _group(session: Session, source: random.Random) -> Paged:
    return _conditions(session, source, lambda spot: by_group(session, "zqx", spot), 100)


def _edited(session: Session, source: random.Random) -> Paged:
    return _conditions(session, source, lambda spot: find_conditions(session, "zqx-", spot), 30)


def _cases(session: Session, source: random.Random, state: str) -> Paged:
    reader = factories.make_member(session, staff="moderator")

    def _make(name: str) -> Case:
        given = {"kind": "person", "piece": name, "category": "spam", "evidence": "{}"}
        urgency, now = source.randrange(3), datetime.now(UTC)
        case = Case(state=state, urgency=urgency, opened=now, **given)
        session.add(case)
        session.flush()
        return case

    return Paged(lambda spot: queue(session, reader.id, state, spot), _make, 25)


def _waiting(session: Session, source: random.Random) -> Paged:
    return _cases(session, source, OPEN)


def _decided(session: Session, source: random.Random) -> Paged:
    return _cases(session, source, RESOLVED)


def _posts(session: Session, source: random.Random, order: str) -> Paged:
    condition = factories.make_condition(session, "dystonia")
    question = make_question(session, condition) if order else None

    def _make(_name: str) -> Any:
        post = make_post(session, condition, question)
        post.rank = source.randrange(4) / 3
        session.flush()
        return post

    def _read(spot: Spot | None) -> Page[Any]:
        if question is None:
            return stories(session, condition.id, None, spot)
        return answers(session, Answers(question, order), None, spot)

    return Paged(_read, _make, 20 if order else 10)


def _helpful(session: Session, source: random.Random) -> Paged:
    return _posts(session, source, HELPFUL)


def _newest(session: Session, source: random.Random) -> Paged:
    return _posts(session, source, NEWEST)


def _stories(session: Session, source: random.Random) -> Paged:
    return _posts(session, source, "")


def _messages(session: Session, source: random.Random) -> Paged:
    condition = factories.make_condition(session, "dystonia")
    one, other = factories.make_member(session), factories.make_member(session)
    address = begin(session, condition.id, one.id, other.id)
    row = session.query(Conversation).filter_by(public_id=address).one()

    def _make(name: str) -> Message:
        given = {"day": DAY, "text": name, "state": "sent", "fingerprint": ""}
        message = Message(conversation_id=row.id, sender_id=one.id, **given)
        session.add(message)
        session.flush()
        return message

    return Paged(lambda spot: open_conversation(session, other.id, address, spot).words, _make, 50)


LISTS = (
    *(_people, _near, _far, _letter, _group, _edited, _waiting, _decided),
    *(_helpful, _newest, _stories, _messages),
)


@pytest.mark.both
@pytest.mark.parametrize("make_list", LISTS, ids=lambda make: make.__name__.strip("_"))
def test_whoever_stays_is_shown_exactly_once(session: Session, make_list: Any) -> None:
    source = random.Random(5)
    paged: Paged = make_list(session, source)
    wanted = {paged.name_of(paged.make(f"stay-{n}")) for n in range(int(STAY * paged.size))}
    going = [paged.make(f"go-{n}") for n in range(GO * paged.size)]
    source.shuffle(going)
    churn = _Churn(session, paged, going)

    seen, last = _walk(paged, None, lambda page: page.next, churn)
    assert sorted(name for name in seen if name in wanted) == sorted(wanted)

    back, _ = _walk(paged, last.previous, lambda page: page.previous, churn)
    there = {*back, *map(paged.name_of, last.items)}
    assert wanted <= there
    assert len(back) == len(set(back))


@dataclass
class _Churn:
    """Items that come and go between two pages."""

    session: Session
    paged: Paged
    going: list[Any]
    n: int = 0

    def __call__(self) -> None:
        for row in [self.going.pop() for _ in range(min(COME, len(self.going)))]:
            self.session.delete(row)
        for _ in range(COME):
            self.n += 1
            self.going.insert(0, self.paged.make(f"come-{self.n}"))
        self.session.flush()
        self.session.expire_all()


def _walk(
    paged: Paged, spot: Spot | None, step: Callable[[Page[Any]], Spot | None], churn: _Churn
) -> tuple[list[str], Page[Any]]:
    seen: list[str] = []
    while True:
        page = paged.read(spot)
        assert len(page) <= paged.size
        seen += map(paged.name_of, page.items)
        spot = step(page)
        if spot is None:
            return seen, page
        churn()
