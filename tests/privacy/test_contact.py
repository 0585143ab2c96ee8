"""A request that was declined stays declined, and asking again is no way around the limits."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.account.my_data import my_data
from mapapp.actions.contact.block_member import block, unblock
from mapapp.actions.core.context import Context
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.domain.areas.area_tree import load_areas
from mapapp.errors import LimitError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.contact import Block, ContactRequest
from mapapp.store.mail import Outbox
from mapapp.store.members import Member, Membership
from tests import contact_requests as connecting

AREAS = load_areas()
NOW = 1_795_000_000


@dataclass
class Pair:
    """Two people on one map: ``me`` asks, ``other`` is asked."""

    session: Session
    settings: Settings
    condition: Condition
    me: Member
    other: Member

    def ask(self) -> None:
        me, other, slug = self.me.id, self.other.public_id, self.condition.slug
        connecting.ask(self.session, self.settings, me, other, slug, "meet", NOW)
        self.session.flush()

    def decline(self) -> None:
        (request,) = connecting.inbox(self.session, self.other.id).received
        connecting.answer(self.session, self.settings, self.other.id, request.public_id, yes=False)

    def hide_and_return(self, who: Member) -> None:
        for visibility in ("counted", "members"):
            set_visibility(
                Context(self.session, self.settings, AREAS), who.id, self.condition.id, visibility
            )
        self.session.flush()

    def block(self, who: Member, whom: Member) -> None:
        block(self.session, who.id, whom.id, self.condition.id)

    def block_and_unblock(self, who: Member, whom: Member) -> None:
        self.block(who, whom)
        mine = self.session.get_one(Block, (who.id, whom.id, self.condition.id))
        unblock(self.session, who.id, mine.public_id)
        self.session.flush()

    def requests(self, who: Member) -> list[dict[str, object]]:
        self.session.expire_all()
        held = my_data(Context(self.session, self.settings, AREAS), who.id)
        found: list[dict[str, object]] = held["contact_requests"]
        return found

    @property
    def mails(self) -> int:
        return self.session.scalar(select(func.count()).select_from(Outbox)) or 0


@pytest.fixture
def pair(
    session: Session,
    settings: Settings,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> Pair:
    condition, me, other = make_condition("dystonia"), make_member(), make_member()
    for member in (me, other):
        make_membership(condition, 1, member=member)
    session.flush()
    return Pair(session, settings, condition, me, other)


@pytest.mark.parametrize("hides", ["me", "other"])
def test_who_was_declined_cannot_knock_again(pair: Pair, hides: str) -> None:
    pair.ask()
    pair.decline()
    for _ in range(2):
        pair.hide_and_return(getattr(pair, hides))
        pair.ask()  # silently: the asker still sees a request without an answer
        assert pair.mails == 1
        assert connecting.inbox(pair.session, pair.other.id).received == ()
        (sent,) = connecting.inbox(pair.session, pair.me.id).sent
        assert sent.state in connecting.UNANSWERED


def test_asking_anew_after_taking_back_is_asking_somebody_new(pair: Pair) -> None:
    for _ in range(5):
        pair.ask()
        pair.hide_and_return(pair.me)
    with pytest.raises(LimitError):
        pair.ask()


@pytest.mark.parametrize("ended", [False, True])
def test_to_block_and_unblock_is_no_way_around_a_no(pair: Pair, ended: bool) -> None:
    pair.ask()
    pair.decline()
    if ended:
        pair.hide_and_return(pair.me)
    for _ in range(2):
        pair.block_and_unblock(pair.me, pair.other)
        pair.ask()
        assert pair.mails == 1
        assert connecting.inbox(pair.session, pair.other.id).received == ()
        (sent,) = connecting.inbox(pair.session, pair.me.id).sent
        assert sent.state in connecting.UNANSWERED


@pytest.mark.parametrize("again", [False, True])
def test_who_blocks_after_asking_cannot_tell_a_no_from_silence(pair: Pair, again: bool) -> None:
    seen = []
    for declined in (False, True):
        with pair.session.begin_nested() as world:
            pair.ask()
            if declined:
                pair.decline()
            pair.block_and_unblock(pair.me, pair.other)
            if again:
                pair.ask()
            seen.append(pair.requests(pair.me))
            world.rollback()
    assert seen[0] == seen[1]
    assert len(seen[0]) == again


@pytest.mark.both
def test_what_is_kept_of_a_no_goes_with_either_of_the_two(pair: Pair) -> None:
    for end in (
        lambda: pair.block(pair.other, pair.me),
        lambda: erase_member(Context(pair.session, pair.settings), pair.me.id),
        lambda: erase_member(Context(pair.session, pair.settings), pair.other.id),
    ):
        with pair.session.begin_nested() as world:
            pair.ask()
            pair.decline()
            pair.block(pair.me, pair.other)
            assert pair.requests(pair.me) == pair.requests(pair.other) == []
            end()
            assert pair.session.scalar(select(func.count()).select_from(ContactRequest)) == 0
            world.rollback()
