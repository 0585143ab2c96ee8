"""Three members on one map, what may stand between them, and what each of them reads.

Tests that do things in any order begin with this; the rules stand with the tests.
"""

import json
from collections.abc import Callable
from typing import Any

from hypothesis.stateful import (
    RuleBasedStateMachine,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.contact import conversation_list, message_send
from mapapp.actions.contact import request_inbox as answering
from mapapp.actions.contact.person_page import find_person
from mapapp.actions.core.context import Context
from mapapp.actions.published.listings import People, listings
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.free_text import HELD
from mapapp.errors import MapappError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.contact import ConversationSide, Message
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests import factories
from tests.mail import waiting_mail

AREAS = load_areas()


class ThreeMembers(RuleBasedStateMachine):
    """Three members on one map, who may be connected or blocked, and a moderator."""

    def __init__(self, session: Session, site: Settings) -> None:
        super().__init__()
        self.session, self.site = session, site
        self.before = session.begin_nested()
        self.now = 1_795_000_000
        self.condition = factories.make_condition(session)
        self.people = [self.newcomer() for _ in range(3)]
        self.boss = factories.make_member(self.session, staff="moderator")
        self.joined: set[frozenset[int]] = set()
        self.blocks: set[tuple[int, int]] = set()
        self.texts: dict[tuple[int, int], list[str]] = {}
        self.sent = 0

    def teardown(self) -> None:
        """Leave nothing behind for the next run."""
        self.before.rollback()
        self.session.expire_all()

    def newcomer(self) -> Member:
        member = factories.make_member(self.session)
        factories.make_membership(self.session, self.condition, 1, member=member)
        return member

    def attempt(self, act: Callable[..., Any], *given: Any) -> Any:
        """Perform an act, or be refused with a message; a refusal changes nothing."""
        try:
            with self.session.begin_nested():
                done = act(self.session, *given)
                self.session.flush()
        except MapappError:
            return None
        return True if done is None else done

    def attempt_at(self, act: Callable[..., Any], who: int, *given: Any) -> Any:
        """The same for an act that takes a context."""
        when = {"reader_id": who, "now": self.now}
        return self.attempt(lambda own: act(Context(own, self.site, AREAS, **when), *given))

    def id_of(self, who: int) -> int:
        return self.people[who].id

    def between(self, a: int, b: int) -> str:
        one, other = self.id_of(a), self.id_of(b)
        if one == other:
            return ""
        return conversation_list.conversation_between(self.session, self.condition.id, one, other)

    def mails(self, who: int) -> int:
        return sum(m.to == self.people[who].email for m in waiting_mail(self.session, self.site))

    def part(self, a: int, b: int) -> None:
        self.joined.discard(frozenset((a, b)))
        self.texts.pop((a, b), None)
        self.texts.pop((b, a), None)

    def is_blocked(self, a: int, b: int) -> bool:
        return bool({(a, b), (b, a)} & self.blocks)

    def friends(self, n: int) -> tuple[int, int]:
        """Return two members who are in a conversation, in either order."""
        pairs = sorted(tuple(sorted(pair)) for pair in self.joined)
        a, b = pairs[n // 2 % len(pairs)]
        return (a, b) if n % 2 else (b, a)

    def held(self, piece: str) -> tuple[int, int | None, str] | None:
        """Return (writer, reader, text) of a held message; None if it is not held."""
        row = self.session.execute(
            select(Message.sender_id, ConversationSide.member_id, Message.text)
            .join(ConversationSide, ConversationSide.conversation_id == Message.conversation_id)
            .where(
                Message.public_id == piece,
                Message.state == HELD,
                ConversationSide.member_id.is_distinct_from(Message.sender_id),
            )
        ).one_or_none()
        if row is None:
            return None
        who = {person.id: n for n, person in enumerate(self.people)}
        return who[row[0]], who.get(row[1]), row[2]

    def follow(self, case: Case, held: tuple[int, int | None, str] | None, act: str) -> None:
        """The effect of a decision on who reads what: it delivers, removes, or neither."""
        if held is not None:
            writer, reader, text = held
            if act == "nothing" and reader is not None:
                self.texts.setdefault((writer, reader), []).append(text)
        elif act == "remove":
            text = json.loads(case.evidence)["text"]
            for found in self.texts.values():
                if text in found:
                    found[found.index(text)] = ""

    def reads(self, reader: int) -> list[str]:
        found = []
        for conversation in conversation_list.my_conversations(self.session, self.id_of(reader)):
            opened = message_send.open_conversation(
                self.session, self.id_of(reader), conversation.public_id
            )
            found += [w.text for w in opened.words.items if not w.is_mine]
        return found

    def sees_nothing_of(self, reader: int, other: Member) -> None:
        me = self.id_of(reader)
        shown = listings(self.session, People(self.condition.id, me), 0).items
        assert other.public_id not in {listing.public_id for listing in shown}
        try:
            find_person(self.session, AREAS, me, other.public_id, self.condition.slug)
        except NotFoundError:
            pass
        else:
            raise AssertionError("somebody blocked has a page")
        found = answering.inbox(self.session, AREAS, me)
        for request in (*found.received, *found.put_off, *found.sent):
            assert request.other_public_id != other.public_id
        assert other.pseudonym not in {
            t.pseudonym for t in conversation_list.my_conversations(self.session, me)
        }
