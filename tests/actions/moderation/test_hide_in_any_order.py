"""Hiding, pausing, silence and choosing, in any order: what is shown follows from the choices."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.account import consent_change
from mapapp.actions.account.yearly_check import confirm
from mapapp.actions.core.context import Context
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.actions.moderation import member_hide
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.core.visibilities import COUNTED, LISTED, MEMBERS, PUBLIC, VISIBILITIES
from mapapp.domain.mail.consent_wordings import COUNT, NEEDED, WITHOUT
from mapapp.errors import MapappError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Case
from tests.moments import midnight
from tests.sampling import Sampling
from tests.trust import AREAS, LEEDS, World

SLUGS = ("dystonia", "als", "gout")
RARELY = 0.2


@dataclass
class Said:
    """A member's choice on one map: who sees them, and what hides it."""

    chosen: str
    hidden: bool = False
    silent: bool = False


@dataclass
class Walk:
    """A member who does one thing after another, and what must be seen of them."""

    world: World
    who: Member
    chance: random.Random
    paused: bool = False
    case: Case | None = None
    reported_on: str = ""
    said: dict[str, Said] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)

    @property
    def given(self) -> tuple[Context, int]:
        """The context that most acts take."""
        return Context(self.world.session, self.world.settings, AREAS), self.who.id

    def hides(self) -> None:
        """Everything visible is hidden; from now on, only this can be undone."""
        member_hide.hide_everywhere(*self.given)
        shown = [s for s in self.said.values() if s.chosen in LISTED and not s.hidden]
        if shown:
            for said in self.said.values():
                said.chosen = COUNTED if said.hidden else said.chosen
                said.hidden = False
        for said in shown:
            said.hidden = True

    def shows(self) -> None:
        """The undo, which a pause refuses."""
        if self.refused(member_hide.show_again, self.paused):
            return
        for said in self.said.values():
            said.hidden = False

    def rests(self) -> None:
        """A pause begins."""
        member_hide.pause(*self.given)
        self.paused = True

    def is_back(self) -> None:
        """It ends."""
        member_hide.end_pause(*self.given)
        self.paused = False

    def is_reported(self) -> None:
        """Two people report, and nobody sees the member on that map until it is decided."""
        if self.case is None:
            session, self.reported_on = self.world.session, self.chance.choice(SLUGS)
            condition_id = self.world.condition(self.reported_on).id
            about = About("person", "x", self.who.id, condition_id)
            self.case = open_case(session, about, "spam", {})
            self.case.hides = True
            session.flush()
            member_hide.hide_by_moderators(*self.given, condition_id)

    def is_decided(self) -> None:
        """A moderator does nothing or suspends; an earlier suspension ends."""
        if self.case is not None:
            self.who.suspended = self.chance.random() < 0.5
            self.case.hides, self.case.state = False, "resolved"
            self.world.session.flush()
            if self.who.suspended:
                member_hide.hide_by_moderators(*self.given)
            member_hide.show_by_moderators(*self.given)
            self.case, self.reported_on = None, ""

    def is_silent(self) -> None:
        """Sixty days after the yearly question."""
        member_hide.hide_unanswered(*self.given)
        for said in self.said.values():
            said.silent = said.silent or said.chosen in LISTED

    def answers(self) -> None:
        """The answer to the yearly question."""
        ctx, member_id = self.given
        confirm(replace(ctx, now=midnight(date(2027, 1, 1))), member_id)
        for said in self.said.values():
            said.silent = False

    def chooses(self) -> None:
        """Who sees one map is chosen; nothing else hides it then."""
        slug = self.chance.choice(SLUGS)
        chosen = self.chance.choice(VISIBILITIES)
        condition_id = self.world.condition(slug).id
        expected = self.paused or slug not in self.said
        if not self.refused(set_visibility, expected, condition_id, chosen):
            self.said[slug] = Said(chosen)

    def takes_back(self) -> None:
        """A consent to be seen; what is hidden stays so."""
        slug, purpose = self.chance.choice(SLUGS), self.chance.choice(LISTED)
        if self.refused(consent_change.take_back, slug not in self.said, purpose, slug):
            return
        said = self.said[slug]
        if purpose in NEEDED[said.chosen]:
            said.chosen = WITHOUT[purpose]

    def leaves(self) -> None:
        """One map, rarely."""
        slug = self.chance.choice(SLUGS)
        if self.chance.random() > RARELY:
            return
        if not self.refused(consent_change.take_back, slug not in self.said, COUNT, slug):
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
        """Perform any act, and check."""
        acts = (self.hides, self.shows, self.rests, self.is_back, self.is_silent, self.answers)
        moderated = (self.is_reported, self.is_decided)
        act = self.chance.choice((*acts, *moderated, self.chooses, self.takes_back, self.leaves))
        self.story.append(act.__name__)
        act()
        self.world.session.flush()
        self.look()

    def look(self) -> None:
        """What is visible follows from the choices; so do numbers and receipts."""
        expected = {slug: self.seen_as(slug, said) for slug, said in self.said.items()}
        stands = {slug: seen for slug, (seen, _) in self.world.stands(self.who).items()}
        assert stands == expected, self.story
        listed = sum(visibility in LISTED for visibility in expected.values())
        assert sum(self.world.counts().values()) == listed, self.story
        assert self.hidden_for() == {
            slug: self.reasons_of(slug, said) for slug, said in self.said.items()
        }, self.story
        for slug, said in self.said.items():
            assert self.world.agreed(self.who, slug) == set(NEEDED[said.chosen]), self.story

    def seen_as(self, slug: str, said: Said) -> str:
        """Return what a membership must be at this moment."""
        if self.paused or slug == self.reported_on or self.who.suspended:
            return "paused"
        return COUNTED if said.hidden or said.silent else said.chosen

    def hidden_for(self) -> dict[str, HiddenReason]:
        """Return the reasons that hide each membership."""
        rows = self.world.session.execute(
            select(Condition.slug, Membership.hidden_reasons)
            .join(Condition, Condition.id == Membership.condition_id)
            .where(Membership.member_id == self.who.id)
        )
        return {slug: reasons for slug, reasons in rows}

    def reasons_of(self, slug: str, said: Said) -> HiddenReason:
        """Return the reasons that must hide a membership at this moment."""
        stand = {
            HiddenReason.BY_MEMBER: said.hidden,
            HiddenReason.PAUSED: self.paused,
            HiddenReason.NO_ANSWER: said.silent,
            HiddenReason.BY_MODERATORS: slug == self.reported_on or self.who.suspended,
        }
        return HiddenReason(sum(reason for reason, stands in stand.items() if stands))


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_acts_shows_what_was_said(
    session: Session, settings: Settings, seed: int, sampling: Sampling
) -> None:
    world = World(session, settings)
    walk = Walk(world, world.member(), random.Random(seed))
    for slug, visibility in zip(SLUGS, (PUBLIC, MEMBERS, COUNTED), strict=True):
        world.place(walk.who, visibility, slug, LEEDS)
        walk.said[slug] = Said(visibility)
    for _ in range(40 if sampling.full else 16):
        walk.step()
