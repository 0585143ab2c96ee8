"""Three members do anything in any order: no free word reaches who did not accept it.

And nothing at all reaches who blocked.

The model knows little: who said yes to whom and has not left since, who blocks whom, and which
messages stand between them. Everything a member can read is then held against it.
"""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import block as blocking
from mapapp.actions import conversations, messages, moderation
from mapapp.actions import inbox as answering
from mapapp.actions import reports as reporting
from mapapp.actions.erase import erase_member
from mapapp.actions.find import listings
from mapapp.actions.knock import knock, lapse
from mapapp.actions.my_data import my_data
from mapapp.actions.visibility import set_visibility
from mapapp.actions.whom import whom
from mapapp.domain.areas import load_areas
from mapapp.domain.messages import HELD, SENT
from mapapp.errors import MapappError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.connections import Block
from mapapp.store.conversations import ConversationSide, Message
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests import factories
from tests.mail import waiting_mail

AREAS = load_areas()
WHO = st.integers(0, 2)
DAY = 86_400
PLAIN = st.sampled_from(["Good morning.", "How was your week?", "Thank you for writing."])
HOLDABLE = st.sampled_from(["Please send money to my bank account", "I sell a miracle cure, buy"])


class Connecting(RuleBasedStateMachine):
    """Three members on one map, and what may stand between them."""

    def __init__(self, session: Session, site: Settings) -> None:
        super().__init__()
        self.session, self.site = session, site
        self.before = session.begin_nested()
        self.now = 1_795_000_000
        self.condition = factories.make_condition(session)
        self.people = [self._newcomer() for _ in range(3)]
        self.boss = factories.make_member(self.session, staff="moderator")
        self.joined: set[frozenset[int]] = set()
        self.blocks: set[tuple[int, int]] = set()
        self.texts: dict[tuple[int, int], list[str]] = {}
        self.sent = 0

    def teardown(self) -> None:
        """Leave nothing for the next run of acts."""
        self.before.rollback()
        self.session.expire_all()

    def _newcomer(self) -> Member:
        member = factories.make_member(self.session)
        factories.make_membership(self.session, self.condition, 1, member=member)
        return member

    def _try(self, act: Callable[..., Any], *given: Any) -> Any:
        """Do it, or be refused in words; a refusal changes nothing."""
        try:
            with self.session.begin_nested():
                done = act(self.session, *given)
                self.session.flush()
        except MapappError:
            return None
        return True if done is None else done

    def _id(self, who: int) -> int:
        return self.people[who].id

    def _between(self, a: int, b: int) -> str:
        one, other = self._id(a), self._id(b)
        if one == other:
            return ""
        return conversations.conversation_between(self.session, self.condition.id, one, other)

    def _mails(self, who: int) -> int:
        return sum(m.to == self.people[who].email for m in waiting_mail(self.session, self.site))

    def _part(self, a: int, b: int) -> None:
        self.joined.discard(frozenset((a, b)))
        self.texts.pop((a, b), None)
        self.texts.pop((b, a), None)

    def _is_blocked(self, a: int, b: int) -> bool:
        return bool({(a, b), (b, a)} & self.blocks)

    @rule(a=WHO, b=WHO, reason=st.sampled_from(["meet", "other", "nonsense"]))
    def knocks(self, a: int, b: int, reason: str) -> None:
        before = self._mails(b)
        given = (self.site, AREAS, self._id(a), self.people[b].public_id, self.condition.slug)
        asked = self._try(knock, *given, reason, "hello", self.now)
        if self._is_blocked(a, b) or a == b or reason == "nonsense":
            assert not asked
            assert self._mails(b) == before

    @rule(a=WHO, which=st.integers(0, 2), act=st.sampled_from(["accept", "decline", "later"]))
    def answers(self, a: int, which: int, act: str) -> None:
        found = answering.inbox(self.session, AREAS, self._id(a))
        waiting = [r for r in (*found.received, *found.put_off) if r.state != "left"]
        if not waiting:
            return
        request = waiting[which % len(waiting)]
        ids = [person.public_id for person in self.people]
        other = ids.index(request.other_public_id)
        assert not self._is_blocked(a, other)
        if act == "accept":
            if self._try(answering.accept, self.site, self._id(a), request.public_id):
                self.joined.add(frozenset((a, other)))
        else:
            done = answering.decline if act == "decline" else answering.put_off
            self._try(done, self._id(a), request.public_id)

    @rule(a=WHO, b=WHO, text=PLAIN)
    def writes(self, a: int, b: int, text: str) -> None:
        self.sent += 1
        unique = f"{text} {self.sent}"
        conversation, before = self._between(a, b), self._mails(b)
        given = (self.site, self._id(a), conversation, unique, str(uuid.uuid4()), self.now)
        state = self._try(messages.write, *given)
        if frozenset((a, b)) not in self.joined:
            assert state is None
            assert self._mails(b) == before
        else:
            assert state == SENT
            self.texts.setdefault((a, b), []).append(unique)

    @rule(a=WHO, b=WHO)
    def meets(self, a: int, b: int) -> None:
        """Knock, and be let in: what the rules above come to by themselves too rarely."""
        self.knocks(a, b, "meet")
        found = answering.inbox(self.session, AREAS, self._id(b))
        for request in (*found.received, *found.put_off):
            if request.other_public_id == self.people[a].public_id:
                assert self._try(answering.accept, self.site, self._id(b), request.public_id)
                self.joined.add(frozenset((a, b)))

    def _friends(self, n: int) -> tuple[int, int]:
        """Return two who are in a conversation, in either order."""
        pairs = sorted(tuple(sorted(pair)) for pair in self.joined)
        a, b = pairs[n // 2 % len(pairs)]
        return (a, b) if n % 2 else (b, a)

    @precondition(lambda self: self.joined)
    @rule(n=st.integers(0, 5), text=PLAIN)
    def friends_write(self, n: int, text: str) -> None:
        self.writes(*self._friends(n), text)

    @precondition(lambda self: self.joined)
    @rule(n=st.integers(0, 5), text=HOLDABLE)
    def friends_write_what_is_held(self, n: int, text: str) -> None:
        a, b = self._friends(n)
        if len(self.texts.get((a, b), [])) >= 5:
            return  # no first message any more
        conversation, before = self._between(a, b), self._mails(b)
        given = (self.site, self._id(a), conversation, text, str(uuid.uuid4()), self.now)
        assert self._try(messages.write, *given) == HELD
        assert self._mails(b) == before

    @rule(a=WHO, b=WHO)
    def takes_back(self, a: int, b: int) -> None:
        written = self.texts.get((a, b), [])
        if not written:
            return
        conversation = self._between(a, b)
        words = messages.open_conversation(self.session, self._id(a), conversation).words.items
        newest = [w for w in words if w.is_mine and w.text in written][-1]
        self._try(messages.take_back, self._id(a), conversation, newest.public_id)
        written.remove(newest.text)

    @rule(a=WHO, b=WHO)
    def leaves(self, a: int, b: int) -> None:
        if self._try(conversations.leave_conversation, self._id(a), self._between(a, b)):
            self._part(a, b)

    @rule(a=WHO, b=WHO)
    def blocks_the_other(self, a: int, b: int) -> None:
        if self._try(blocking.block, self._id(a), self._id(b)):
            self.blocks.add((a, b))
            self._part(a, b)

    @precondition(lambda self: self.blocks)
    @rule(a=WHO, b=WHO)
    def unblocks(self, a: int, b: int) -> None:
        if self._try(blocking.unblock, self._id(a), self.people[b].public_id):
            self.blocks.discard((a, b))

    @rule(a=WHO, visibility=st.sampled_from(["members", "public", "counted"]))
    def shows_or_hides(self, a: int, visibility: str) -> None:
        given = (self.site, AREAS, self._id(a), self.condition.id, visibility)
        self._try(set_visibility, *given)

    @rule(days=st.sampled_from([1, 61]))
    def time_passes(self, days: int) -> None:
        self.now += days * DAY
        lapse(self.session, datetime.fromtimestamp(self.now, UTC).date())

    @rule(a=WHO)
    def leaves_the_site(self, a: int) -> None:
        erase_member(self.session, self.site, self._id(a))
        self.session.flush()
        for other in range(3):
            self._part(a, other)
        self.blocks = {pair for pair in self.blocks if a not in pair}
        self.people[a] = self._newcomer()

    @precondition(lambda self: self.joined)
    @rule(n=st.integers(0, 5), category=st.sampled_from(["harassment", "spam"]))
    def reports_a_message(self, n: int, category: str) -> None:
        a, b = self._friends(n)
        if not self.texts.get((b, a)):
            return
        opened = messages.open_conversation(self.session, self._id(a), self._between(a, b))
        newest = [w for w in opened.words.items if not w.is_mine][-1]
        given = (self.site, AREAS, self._id(a), "message", newest.public_id, category)
        assert self._try(reporting.report, *given) or newest.state != SENT

    @rule(act=st.sampled_from(["nothing", "remove", "warn"]))
    def the_moderator_decides(self, act: str) -> None:
        case = self.session.scalar(select(Case).where(Case.state == "open").limit(1))
        if case is None:
            return
        self._try(moderation.take, self.boss.id, case.public_id)
        held = self._held(case.piece)
        decision = moderation.Decision(act, "Because of the rules of this site.")
        given = (self.site, AREAS, self.boss.id, case.public_id, decision)
        if self._try(moderation.decide, *given):
            self._follow(case, held, act)

    def _held(self, piece: str) -> tuple[int, int | None, str] | None:
        """Return (writer, reader, text) of a message that is held, None when it is not."""
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

    def _follow(self, case: Case, held: tuple[int, int | None, str] | None, act: str) -> None:
        """What a decision does to who reads what: it delivers, removes, or neither."""
        if held is not None:
            writer, reader, text = held
            if act == "nothing" and reader is not None:
                self.texts.setdefault((writer, reader), []).append(text)
        elif act == "remove":
            text = json.loads(case.evidence)["text"]
            for found in self.texts.values():
                if text in found:
                    found[found.index(text)] = ""

    @invariant()
    def only_words_of_those_one_said_yes_to_can_be_read(self) -> None:
        for reader in range(3):
            allowed = sorted(
                text for (by, to), found in self.texts.items() if to == reader for text in found
            )
            assert sorted(self._reads(reader)) == allowed

    @rule(a=WHO)
    def downloads_the_own_data(self, a: int) -> None:
        held = my_data(self.session, self.site, AREAS, self._id(a))["conversations"]
        theirs = [
            m["text"] for conversation in held for m in conversation["messages"] if not m["from_me"]
        ]
        assert sorted(theirs) == sorted(self._reads(a))

    def _reads(self, reader: int) -> list[str]:
        found = []
        for conversation in conversations.my_conversations(self.session, self._id(reader)):
            opened = messages.open_conversation(
                self.session, self._id(reader), conversation.public_id
            )
            found += [w.text for w in opened.words.items if not w.is_mine]
        return found

    @invariant()
    def who_blocks_and_who_is_blocked_meet_nowhere(self) -> None:
        rows = {
            tuple(row) for row in self.session.execute(select(Block.member_id, Block.blocked_id))
        }
        assert rows >= {(self._id(a), self._id(b)) for a, b in self.blocks}
        for a, b in self.blocks:
            for reader, other in ((a, b), (b, a)):
                self._sees_nothing_of(reader, self.people[other])

    def _sees_nothing_of(self, reader: int, other: Member) -> None:
        me = self._id(reader)
        shown = listings(self.session, self.condition.id, 0, me).items
        assert other.public_id not in {listing.public_id for listing in shown}
        try:
            whom(self.session, AREAS, me, other.public_id, self.condition.slug)
        except NotFoundError:
            pass
        else:
            raise AssertionError("somebody blocked has a page")
        found = answering.inbox(self.session, AREAS, me)
        for request in (*found.received, *found.put_off, *found.sent):
            assert request.other_public_id != other.public_id
        assert other.pseudonym not in {
            t.pseudonym for t in conversations.my_conversations(self.session, me)
        }


def test_no_word_reaches_who_did_not_accept_and_nothing_who_blocked(
    session: Session, settings: Any
) -> None:
    run_state_machine_as_test(
        lambda: Connecting(session, settings),
        settings=PATIENT,
    )


PATIENT = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
