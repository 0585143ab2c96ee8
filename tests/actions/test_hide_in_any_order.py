"""Hiding, resting, silence and choosing, in any order: what is shown follows from what was said."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy.orm import Session

from mapapp.actions import agreements, hide
from mapapp.actions.cases import open_case
from mapapp.actions.still_right import confirm
from mapapp.actions.visibility import set_visibility
from mapapp.domain.consents import COUNT, NEEDED
from mapapp.domain.permissions import COUNTED, LISTED, MEMBERS, PUBLIC
from mapapp.errors import MapappError
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests.trust import AREAS, LEEDS, World

SLUGS = ("dystonia", "als", "gout")
RARELY = 0.2


@dataclass
class Said:
    """What somebody said about one map: whom they chose to be seen by, and what hides it."""

    chosen: str
    hidden: bool = False
    silent: bool = False


@dataclass
class Walk:
    """Somebody who does one thing after the other, and what must be seen of them."""

    world: World
    who: Member
    chance: random.Random
    paused: bool = False
    case: Case | None = None
    said: dict[str, Said] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)

    @property
    def given(self) -> tuple[object, ...]:
        """What most acts are given."""
        return (self.world.session, self.world.settings, AREAS, self.who.id)

    def hides(self) -> None:
        """All that could be seen is hidden; only this can be undone from now on."""
        hide.hide_everywhere(*self.given)
        shown = [s for s in self.said.values() if s.chosen in LISTED and not s.hidden]
        if shown:
            for said in self.said.values():
                said.chosen = COUNTED if said.hidden else said.chosen
                said.hidden = False
        for said in shown:
            said.hidden = True

    def shows(self) -> None:
        """The undo, which a pause refuses."""
        if self.refused(hide.show_again, self.paused):
            return
        for said in self.said.values():
            said.hidden = False

    def rests(self) -> None:
        """A pause begins."""
        hide.pause(*self.given)
        self.paused = True

    def is_back(self) -> None:
        """It ends."""
        hide.end_pause(*self.given)
        self.paused = False

    def is_reported(self) -> None:
        """Two people report, and nobody sees the member until it is decided."""
        if self.case is None:
            session = self.world.session
            self.case = open_case(session, "person", "x", self.who.id, "spam", {})
            self.case.hides = True
            session.flush()
            hide.set_aside(*self.given)

    def is_decided(self) -> None:
        """A moderator does nothing or suspends; an earlier suspension ends."""
        if self.case is not None:
            self.who.suspended = self.chance.random() < 0.5
            self.case.hides, self.case.state = False, "resolved"
            self.world.session.flush()
            hide.bring_back(*self.given)
            self.case = None

    def is_silent(self) -> None:
        """Sixty days after the yearly question."""
        hide.hide_silent(*self.given)
        for said in self.said.values():
            said.silent = said.silent or said.chosen in LISTED

    def answers(self) -> None:
        """The answer to it."""
        confirm(*self.given, date(2027, 1, 1))
        for said in self.said.values():
            said.silent = False

    def chooses(self) -> None:
        """Who sees one map is chosen; nothing else hides it then."""
        slug = self.chance.choice(SLUGS)
        chosen = self.chance.choice((COUNTED, MEMBERS, PUBLIC))
        condition_id = self.world.condition(slug).id
        expected = self.paused or slug not in self.said
        if not self.refused(set_visibility, expected, condition_id, chosen):
            self.said[slug] = Said(chosen)

    def takes_back(self) -> None:
        """A consent to be seen; what is hidden stays so."""
        slug, purpose = self.chance.choice(SLUGS), self.chance.choice((MEMBERS, PUBLIC))
        if self.refused(agreements.take_back, slug not in self.said, purpose, slug):
            return
        said = self.said[slug]
        if purpose in NEEDED[said.chosen]:
            said.chosen = MEMBERS if purpose == PUBLIC else COUNTED

    def leaves(self) -> None:
        """One map, rarely."""
        slug = self.chance.choice(SLUGS)
        if self.chance.random() > RARELY:
            return
        if not self.refused(agreements.take_back, slug not in self.said, COUNT, slug):
            del self.said[slug]

    def refused(self, act: Callable[..., object], expected: bool, *more: object) -> bool:
        """Whether an act is refused, which it is exactly when that is expected."""
        try:
            act(*self.given, *more)
        except MapappError:
            assert expected, self.story
            return True
        assert not expected, self.story
        return False

    def step(self) -> None:
        """Do anything, and look."""
        acts = (self.hides, self.shows, self.rests, self.is_back, self.is_silent, self.answers)
        moderated = (self.is_reported, self.is_decided)
        act = self.chance.choice((*acts, *moderated, self.chooses, self.takes_back, self.leaves))
        self.story.append(act.__name__)
        act()
        self.world.session.flush()
        self.look()

    def look(self) -> None:
        """What is seen is what follows from what was said; so are numbers and receipts."""
        expected = {slug: self.seen_as(said) for slug, said in self.said.items()}
        stands = {slug: seen for slug, (seen, _) in self.world.stands(self.who).items()}
        assert stands == expected, self.story
        listed = sum(visibility in LISTED for visibility in expected.values())
        assert sum(self.world.counts().values()) == listed, self.story
        for slug, said in self.said.items():
            assert self.world.agreed(self.who, slug) == set(NEEDED[said.chosen]), self.story

    def seen_as(self, said: Said) -> str:
        """Return what a membership must be at this moment."""
        if self.paused or self.case is not None or self.who.suspended:
            return "paused"
        return COUNTED if said.hidden or said.silent else said.chosen


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_acts_shows_what_was_said(
    session: Session, settings: Settings, seed: int
) -> None:
    world = World(session, settings)
    walk = Walk(world, world.member(), random.Random(seed))
    for slug, visibility in zip(SLUGS, (PUBLIC, MEMBERS, COUNTED), strict=True):
        world.place(walk.who, visibility, slug, LEEDS)
        walk.said[slug] = Said(visibility)
    for _ in range(40):
        walk.step()
