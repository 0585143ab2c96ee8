"""Three members do anything in any order: no free text reaches a member who did not accept it.

And nothing at all reaches who blocked.

The model knows little: who said yes to whom and has not left since, who blocks whom, and which
messages stand between them. Everything a member can read is then held against it.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.account.my_data import my_data
from mapapp.actions.contact import block_member as blocking
from mapapp.actions.contact import conversation_list, message_send
from mapapp.actions.contact import request_inbox as answering
from mapapp.actions.contact.request_send import lapse, send_request
from mapapp.actions.core.context import Context
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.actions.moderation import case_decide
from mapapp.actions.moderation import report_send as reporting
from mapapp.domain.core.free_text import HELD, SENT
from mapapp.store.contact import Block
from mapapp.store.moderation import Case
from tests.sampling import Sampling
from tests.three_members import AREAS, ThreeMembers

WHO = st.integers(0, 2)
DAY = 86_400
PLAIN = st.sampled_from(["Good morning.", "How was your week?", "Thank you for writing."])
HOLDABLE = st.sampled_from(["Please send money to my bank account", "I sell a miracle cure, buy"])


class Connecting(ThreeMembers):
    """What the three members and the moderator do, and what must hold after each act."""

    @rule(a=WHO, b=WHO, reason=st.sampled_from(["meet", "other", "nonsense"]))
    def knocks(self, a: int, b: int, reason: str) -> None:
        before = self.mails(b)
        given = (self.id_of(a), self.people[b].public_id, self.condition.slug)
        asked = self.attempt_at(send_request, *given, reason, "hello")
        if self.is_blocked(a, b) or a == b or reason == "nonsense":
            assert not asked
            assert self.mails(b) == before

    @rule(a=WHO, which=st.integers(0, 2), act=st.sampled_from(["accept", "decline", "later"]))
    def answers(self, a: int, which: int, act: str) -> None:
        found = answering.inbox(self.session, AREAS, self.id_of(a))
        waiting = [r for r in (*found.received, *found.put_off) if r.state != "left"]
        if not waiting:
            return
        request = waiting[which % len(waiting)]
        ids = [person.public_id for person in self.people]
        other = ids.index(request.other_public_id)
        assert not self.is_blocked(a, other)
        if act == "accept":
            if self.attempt_at(answering.accept, self.id_of(a), request.public_id):
                self.joined.add(frozenset((a, other)))
        else:
            done = answering.decline if act == "decline" else answering.put_off
            self.attempt(done, self.id_of(a), request.public_id)

    @rule(a=WHO, b=WHO, text=PLAIN)
    def writes(self, a: int, b: int, text: str) -> None:
        self.sent += 1
        unique = f"{text} {self.sent}"
        conversation, before = self.between(a, b), self.mails(b)
        given = (self.id_of(a), conversation, unique, str(uuid.uuid4()))
        state = self.attempt_at(message_send.send_message, *given)
        if frozenset((a, b)) not in self.joined:
            assert state is None
            assert self.mails(b) == before
        else:
            assert state == SENT
            self.texts.setdefault((a, b), []).append(unique)

    @rule(a=WHO, b=WHO)
    def meets(self, a: int, b: int) -> None:
        """Knock and be accepted, which the rules above alone reach too rarely."""
        self.knocks(a, b, "meet")
        found = answering.inbox(self.session, AREAS, self.id_of(b))
        for request in (*found.received, *found.put_off):
            if request.other_public_id == self.people[a].public_id:
                assert self.attempt_at(answering.accept, self.id_of(b), request.public_id)
                self.joined.add(frozenset((a, b)))

    @precondition(lambda self: self.joined)
    @rule(n=st.integers(0, 5), text=PLAIN)
    def friends_write(self, n: int, text: str) -> None:
        self.writes(*self.friends(n), text)

    @precondition(lambda self: self.joined)
    @rule(n=st.integers(0, 5), text=HOLDABLE)
    def friends_write_what_is_held(self, n: int, text: str) -> None:
        a, b = self.friends(n)
        if len(self.texts.get((a, b), [])) >= 5:
            return  # no first message any more
        conversation, before = self.between(a, b), self.mails(b)
        given = (self.id_of(a), conversation, text, str(uuid.uuid4()))
        assert self.attempt_at(message_send.send_message, *given) == HELD
        assert self.mails(b) == before

    @rule(a=WHO, b=WHO)
    def takes_back(self, a: int, b: int) -> None:
        written = self.texts.get((a, b), [])
        if not written:
            return
        conversation = self.between(a, b)
        opened = message_send.open_conversation(self.session, self.id_of(a), conversation)
        newest = [w for w in opened.words.items if w.is_mine and w.text in written][-1]
        self.attempt(message_send.take_back, self.id_of(a), conversation, newest.public_id)
        written.remove(newest.text)

    @rule(a=WHO, b=WHO)
    def leaves(self, a: int, b: int) -> None:
        if self.attempt(conversation_list.leave_conversation, self.id_of(a), self.between(a, b)):
            self.part(a, b)

    @rule(a=WHO, b=WHO)
    def blocks_the_other(self, a: int, b: int) -> None:
        if self.attempt(blocking.block, self.id_of(a), self.id_of(b), self.condition.id):
            self.blocks.add((a, b))
            self.part(a, b)

    @precondition(lambda self: self.blocks)
    @rule(a=WHO, b=WHO)
    def unblocks(self, a: int, b: int) -> None:
        pair = (self.id_of(a), self.id_of(b), self.condition.id)
        block = self.session.get(Block, pair)
        if self.attempt(blocking.unblock, self.id_of(a), block.public_id if block else "none"):
            self.blocks.discard((a, b))

    @rule(a=WHO, visibility=st.sampled_from(["members", "public", "counted"]))
    def shows_or_hides(self, a: int, visibility: str) -> None:
        given = (self.id_of(a), self.condition.id, visibility)
        self.attempt_at(set_visibility, self.id_of(a), *given)

    @rule(days=st.sampled_from([1, 61]))
    def time_passes(self, days: int) -> None:
        self.now += days * DAY
        lapse(self.session, datetime.fromtimestamp(self.now, UTC).date())

    @rule(a=WHO)
    def leaves_the_site(self, a: int) -> None:
        erase_member(Context(self.session, self.site), self.id_of(a))
        self.session.flush()
        for other in range(3):
            self.part(a, other)
        self.blocks = {pair for pair in self.blocks if a not in pair}
        self.people[a] = self.newcomer()

    @precondition(lambda self: self.joined)
    @rule(n=st.integers(0, 5), category=st.sampled_from(["harassment", "spam"]))
    def reports_a_message(self, n: int, category: str) -> None:
        a, b = self.friends(n)
        if not self.texts.get((b, a)):
            return
        opened = message_send.open_conversation(self.session, self.id_of(a), self.between(a, b))
        newest = [w for w in opened.words.items if not w.is_mine][-1]
        given = (self.id_of(a), "message", newest.public_id, category)
        assert self.attempt_at(reporting.report, *given) or newest.state != SENT

    @rule(act=st.sampled_from(["nothing", "remove", "warn"]))
    def the_moderator_decides(self, act: str) -> None:
        case = self.session.scalar(select(Case).where(Case.state == "open").limit(1))
        if case is None:
            return
        self.attempt(case_decide.take, self.boss.id, case.public_id)
        held = self.held(case.piece)
        decision = case_decide.Decision(act, "Because of the rules of this site.")
        if self.attempt_at(case_decide.decide, self.boss.id, case.public_id, decision):
            self.follow(case, held, act)

    @invariant()
    def only_words_of_those_one_said_yes_to_can_be_read(self) -> None:
        for reader in range(3):
            allowed = sorted(
                text for (by, to), found in self.texts.items() if to == reader for text in found
            )
            assert sorted(self.reads(reader)) == allowed

    @rule(a=WHO)
    def downloads_the_own_data(self, a: int) -> None:
        held = my_data(Context(self.session, self.site, AREAS), self.id_of(a))["conversations"]
        theirs = [
            m["text"] for conversation in held for m in conversation["messages"] if not m["from_me"]
        ]
        assert sorted(theirs) == sorted(self.reads(a))

    @invariant()
    def who_blocks_and_who_is_blocked_meet_nowhere(self) -> None:
        rows = {
            tuple(row) for row in self.session.execute(select(Block.member_id, Block.blocked_id))
        }
        assert rows >= {(self.id_of(a), self.id_of(b)) for a, b in self.blocks}
        for a, b in self.blocks:
            for reader, other in ((a, b), (b, a)):
                self.sees_nothing_of(reader, self.people[other])


def test_no_word_reaches_who_did_not_accept_and_nothing_who_blocked(
    session: Session, settings: Any, sampling: Sampling
) -> None:
    run_state_machine_as_test(
        lambda: Connecting(session, settings),
        settings=ANY_ORDER if sampling.full else SOME_ORDERS,
    )


ANY_ORDER = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
SOME_ORDERS = settings(ANY_ORDER, max_examples=5)
