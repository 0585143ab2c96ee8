"""One move in 30 days, whatever way somebody takes: to stay, or to leave and come back (rule 6)."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from mapapp.actions import place as placing
from mapapp.actions.place import Placement
from mapapp.actions.quotas import DAY
from mapapp.domain.areas import ZONE, load_areas
from mapapp.errors import LimitError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member

AREAS = load_areas()
ZONES = [i for i in range(len(AREAS)) if AREAS.level[i] == ZONE][:60]
NOW = 1_795_000_000


class Mover:
    """A member who tries to be at one place after the other."""

    def __init__(
        self, session: Session, settings: Settings, member: Member, condition: Condition
    ) -> None:
        self.session, self.settings = session, settings
        self.member_id, self.condition_id = member.id, condition.id
        self.left = list(ZONES)

    def goes(self, day: float) -> bool:
        """Whether another place is taken on ``day``."""
        wanted = Placement(self.left[0], AREAS.version, "members", "self")
        now = NOW + int(day * DAY)
        who = (self.member_id, self.condition_id)
        try:
            placing.place(self.session, self.settings, AREAS, *who, wanted, now)
        except LimitError:
            return False
        self.left.pop(0)
        return True

    def times(self, day: float) -> int:
        """How many places are taken on ``day`` until it is enough."""
        return sum(iter(lambda: self.goes(day), False))

    def leaves(self, day: float) -> None:
        """Go off the map on ``day``."""
        now = NOW + int(day * DAY)
        placing.remove(self.session, self.settings, self.member_id, self.condition_id, now)


@pytest.fixture
def mover(
    session: Session,
    settings: Settings,
    make_member: Callable[..., Member],
    make_condition: Callable[..., Condition],
) -> Mover:
    return Mover(session, settings, make_member(), make_condition("dystonia"))


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
