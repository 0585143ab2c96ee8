"""Attack 5: two sites that differ in what one hidden member does; is there a byte that tells?

A script is a random row of acts: others join, move, write and leave in both sites, days pass,
files are exported; one hidden member joins, moves, hides and leaves in one site alone. Both have
the same clock and the same chance, so every byte has to be the same. It is played on two sites in
this process: two served ones would differ in the time of day.
"""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from unittest.mock import patch

import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.members.alert_news import tell_todays_news
from mapapp.actions.published.publishing import publish
from mapapp.actions.published.released import HiddenPeople
from mapapp.domain.core.dates import this_day
from mapapp.errors import MapappError
from mapapp.schedule import DAY_LONG
from mapapp.store.members import Member, Membership
from mapapp.web.knowledge import condition_views
from tests import factories
from tests.attacks.duel import Attack, Outcome
from tests.attacks.target import Target
from tests.attacks.twin_acts import (
    HIDDEN,
    OTHERS,
    Act,
    export,
    member_of,
    newcomer,
    release_again,
)
from tests.attacks.twin_sites import (
    FIRST,
    OTHER,
    ZONES,
    TwinSite,
    addresses,
    same_chance,
    two_sites,
)
from tests.finished import fill_pages
from tests.releases import release_on

ERASED = "erased"
BEGINS = "2027-01-05 10:00:00+00:00"
LAST_DAY = 70
"""So many days may pass before the next quarter, whose release may tell of the hidden member."""
MOST_ACTS = 60
CROWD, HIDDEN_CROWD = 55, 60
SOME = 12
"""Addresses looked at in the middle of a script, and by each member at its end."""
FEW = 20
"""Scripts of a short run, in which each has few acts and reads some of the pages, not all."""

NUMBERS = (f"/conditions/{FIRST}", f"/conditions/{FIRST}/statistics")
"""Pages that each script reads in the end: they tell the estimate of hidden people."""


@dataclass
class Twins:
    """Two sites, of which the second has what the hidden member does; and what was found."""

    sites: tuple[TwinSite, TwinSite]
    base: Path
    clock: time_machine.Traveller
    readers: tuple[Member, Member]
    accounts: tuple[str, ...]
    hidden: str
    addresses: tuple[str, ...]
    parts: int = 1
    """Of the addresses; each script looks at another part of them."""
    scripts: int = 0
    told: list[str] = field(default_factory=list)
    """Of each script in which a byte differed, where it did first."""

    def some(self, seed: int) -> list[str]:
        """Return some of the addresses, by lot."""
        return random.Random(seed).sample(self.addresses, SOME // self.parts + 1)


class Script(RuleBasedStateMachine):
    """One script."""

    def __init__(self, twins: Twins) -> None:
        super().__init__()
        self.twins, self.sites = twins, twins.sites
        self.accounts = list(twins.accounts)
        self.hidden, self.is_told, self.days, self.numbers = twins.hidden, "", 0, count()
        # Hypothesis orders the acts. What is done in each is drawn here: evenly, as Hypothesis,
        # which likes the first of its choices best, would not.
        self.chance = random.Random(twins.scripts)
        twins.clock.move_to(BEGINS)
        for site in self.sites:
            site.put_back(twins.base)

    @initialize()
    def begin(self) -> None:
        """The hidden member has been there for long, or is to come."""
        if self.chance.random() < 0.5:
            self.hidden = self._new_or_old(self.sites[1], "", 0)

    @rule()
    def hidden_member(self) -> None:
        """The hidden member does something, in one of the sites."""
        site, name, seed = self.sites[1], self._one_of(HIDDEN), self._seed()
        if self._act(site, self.hidden, HIDDEN[name], seed) == ERASED:
            self.hidden = self._new_or_old(site, "", seed)

    @rule()
    def others(self) -> None:
        """Somebody else does something, in both; one of them is new."""
        name, seed = self._one_of(OTHERS), self._seed()
        account = self.chance.choice(("", *self.accounts))
        one, other = (self._new_or_old(site, account, seed) for site in self.sites)
        self._compare(name, one, other)
        self.accounts += [] if account else [one]
        self._compare(name, *(self._act(site, one, OTHERS[name], seed) for site in self.sites))

    def _one_of(self, acts: dict[str, Act]) -> str:
        """Choose an act; the first, joining or moving, more often: others need a place."""
        names = list(acts)
        return self.chance.choice(names[:1] * 3 + names)

    def _seed(self) -> int:
        return self.chance.getrandbits(32)

    def _new_or_old(self, site: TwinSite, account: str, seed: int) -> str:
        if account:
            return account
        with same_chance(("new", seed)), site.session() as session:
            return session.get_one(Member, newcomer(session, seed)).account_id

    def _act(self, site: TwinSite, account: str, act: Act, seed: int) -> str:
        """Let an account act; return what came of it."""
        with same_chance(seed) as chance, site.session() as session:
            who = member_of(session, account)
            if who is None:
                return ERASED
            try:
                act(site.context(session, who), chance)
            except MapappError as refusal:
                session.rollback()
                return str(refusal)
            return "done"

    @rule()
    def meanwhile(self) -> None:
        """A day passes, the staff export something, or the attacker reads some pages."""
        way, seed = self.chance.choice(("file", "day", "day", "look")), self._seed()
        if way == "file":
            self._file(seed)
        elif way == "look":
            self._read(self.twins.some(seed), None)
        elif self.days < LAST_DAY:
            self._day()

    def _file(self, seed: int) -> None:
        """Export something, and ask for the releases once more."""
        files: list[object] = []
        for site in self.sites:
            with same_chance(seed) as chance, site.session() as session:
                files.append(export(site, session, chance))
            files.append(release_again(site, time.time()))
        self._compare("export", files[:2], files[2:])

    def _day(self) -> None:
        """Let a day pass, with a publication and news."""
        self.days += 1
        self.twins.clock.shift(DAY_LONG)
        for site in self.sites:
            with same_chance(self.days):
                publish(site.engine, site.settings, int(time.time()))
                tell_todays_news(site.engine, site.settings, time.time())

    def teardown(self) -> None:
        """In the end the attacker reads all pages, and some of them as a member."""
        twins = self.twins
        part = twins.addresses[twins.scripts % twins.parts :: twins.parts]
        self._read((*NUMBERS, *part), None)
        for reader in twins.readers:
            self._read(twins.some(self._seed()), reader)
        twins.scripts += 1
        if self.is_told:
            twins.told.append(self.is_told)

    def _read(self, pages: tuple[str, ...] | list[str], who: Member | None) -> None:
        look = next(self.numbers)
        for at, address in enumerate(pages):
            # Another network each time: a limit is nothing that tells of the hidden member.
            network = f"10.{look}.{at // 250}.{at % 250 + 1}"
            got = []
            for site in self.sites:
                with same_chance((look, at)):
                    reply = site.read(address, network, who)
                got.append((reply.status, reply.headers, reply.body))
            self._compare(address, *got)

    def _compare(self, what: str, one: object, other: object) -> None:
        if one != other:
            self.is_told = self.is_told or what


def a_hidden_member_of_twin_sites(_target: Target, trials: int) -> Outcome:
    """Attack 5: so many scripts; each in which a byte differs is one too many."""
    with ExitStack() as ends:
        clock = ends.enter_context(time_machine.travel(BEGINS, tick=False))
        made: list[tuple[Member, ...]] = []
        one, other, base = ends.enter_context(two_sites(lambda site: made.append(_fill(site))))
        first, second, hidden, *people = made[0]
        accounts = tuple(who.account_id for who in people)
        readers = (first, second)
        parts = 2 * trials if trials <= FEW else 1
        world = (one, other), base, clock, readers, accounts, hidden.account_id
        twins = Twins(*world, addresses(one.app), parts=parts)
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            lambda: Script(twins),
            settings=settings(
                max_examples=trials,
                stateful_step_count=MOST_ACTS if parts == 1 else FEW,
                deadline=None,
                database=None,
                derandomize=True,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
    for told in sorted(set(twins.told)):
        print(f"  differs: {told}, in {twins.told.count(told)} scripts")
    return Outcome(twins.scripts, len(twins.told), guessing=0.0)


def _fill(site: TwinSite) -> tuple[Member, ...]:
    """Fill a site; return two who read, the hidden member, and some others."""
    with site.session() as session:
        condition = fill_pages(session)
        gout = factories.make_condition(session, OTHER)
        with factories.published_together(session):
            for at in range(CROWD):
                seen = ("public", "members", "map")[at % 3]
                factories.make_membership(session, condition, ZONES[at % 3], visibility=seen)
            for _ in range(HIDDEN_CROWD):
                factories.make_membership(session, condition, ZONES[0], visibility="counted")
            factories.make_membership(session, gout, ZONES[1], visibility="public")
            people = [factories.make_member(session, languages=["en", "fr"]) for _ in range(6)]
            for who in people[1:]:
                seen = "counted" if who is people[2] else "members"
                factories.make_membership(session, condition, ZONES[0], member=who, visibility=seen)
        tea = factories.make_treatment(session, condition, "Tea")
        factories.make_uses(session, condition, tea, 2 * HIDDEN_CROWD)
    publish(site.engine, site.settings, int(time.time()))
    release_on(site.engine, site.settings, this_day())
    return tuple(people)


@contextmanager
def _a_number_of_now() -> Iterator[None]:
    """Tell how many are hidden at this moment, and not how many there were in a release."""

    def _now(session: Session, condition_id: int, _country: str = "") -> HiddenPeople:
        here = (Membership.condition_id == condition_id, Membership.visibility == "counted")
        number = session.scalar(select(func.count()).where(*here)) or 0
        return HiddenPeople(number, 0, "2027-Q1")

    with patch.object(condition_views, "hidden_people", _now):
        yield


ATTACKS = (
    Attack(
        "5",
        "a hidden member of twin sites",
        a_hidden_member_of_twin_sites,
        _a_number_of_now,
        short=6,
    ),
)
