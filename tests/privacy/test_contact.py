"""A request that was declined stays declined, and asking again is no way around the limits."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.visibility import set_visibility
from mapapp.domain.areas import load_areas
from mapapp.errors import LimitError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.store.service import Outbox
from tests import knocks as connecting

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
                self.session, self.settings, AREAS, who.id, self.condition.id, visibility
            )
        self.session.flush()

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
        pair.ask()  # silently: whoever asks sees a request without an answer, as before
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
