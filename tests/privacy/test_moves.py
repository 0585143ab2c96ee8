"""One move in 30 days, whether a member stays, or leaves and comes back (privacy rule 6)."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import DAY
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.errors import LimitError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member

AREAS = load_areas()
ZONES = [i for i in range(len(AREAS)) if AREAS.level[i] == ZONE][:60]
NOW = 1_795_000_000


class Mover:
    """A member who tries one place after another."""

    def __init__(
        self, session: Session, settings: Settings, member: Member, condition: Condition
    ) -> None:
        self.session, self.settings = session, settings
        self.member_id, self.condition_id = member.id, condition.id
        self.left = list(ZONES)

    def goes(self, day: float) -> bool:
        """Whether another place is accepted on ``day``."""
        wanted = Placement(self.left[0], AREAS.version, "members", "self", "Quiet Heron")
        now = NOW + int(day * DAY)
        ctx = Context(self.session, self.settings, AREAS, self.member_id, now)
        try:
            placing.place(ctx, self.condition_id, wanted)
        except LimitError:
            return False
        self.left.pop(0)
        return True

    def times(self, day: float) -> int:
        """The number of places accepted on ``day`` up to the limit."""
        return sum(iter(lambda: self.goes(day), False))

    def leaves(self, day: float) -> None:
        """Leave the map on ``day``."""
        now = NOW + int(day * DAY)
        placing.remove(
            Context(self.session, self.settings, now=now), self.member_id, self.condition_id
        )


@pytest.fixture
def mover(
    session: Session,
    settings: Settings,
    make_member: Callable[..., Member],
    make_condition: Callable[..., Condition],
) -> Mover:
    return Mover(session, settings, make_member(), make_condition("dystonia"))


@pytest.mark.both
def test_who_stays_moves_once_in_thirty_days(mover: Mover) -> None:
    assert mover.times(0) == 5  # the first place, three corrections, a move
    assert mover.times(10) == 0
    assert mover.times(31) == 1
    assert mover.times(32) == 0
    assert mover.times(62) == 1


def test_the_first_place_is_no_second_move_a_month_later(mover: Mover) -> None:
    assert mover.goes(0)
    assert mover.goes(29)
    assert mover.times(31) == 0
    assert mover.times(58) == 0


def test_leaving_and_coming_back_is_a_move(mover: Mover) -> None:
    assert mover.goes(0)
    assert mover.goes(29)
    mover.leaves(31)
    assert not mover.goes(31)
    assert not mover.goes(50)
    assert mover.times(60) == 1


def test_coming_back_the_day_the_limit_ends_gives_no_second_move(mover: Mover) -> None:
    assert mover.goes(0)
    mover.leaves(31)
    assert mover.times(31) == 1


def test_who_was_away_for_a_month_begins_anew(mover: Mover) -> None:
    assert mover.goes(0)
    mover.leaves(3)
    assert mover.times(35) == 5
