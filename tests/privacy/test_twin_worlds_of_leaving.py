"""Nothing that hidden people do changes a byte of any public response (privacy rule 4).

They hide, rest, agree, take back, are asked and silent, place whom they care for, and leave.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.account.yearly_check import run_yearly_check
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.domain.mail.consent_wordings import words_version
from mapapp.settings import Settings
from mapapp.store.members import Membership, PeopleAlert
from mapapp.web.members import near_place
from tests.alerts import wait_for_people
from tests.forms import actions, care_form, place_form
from tests.moments import midnight
from tests.privacy import test_twin_worlds_everywhere as everywhere
from tests.sampling import Sampling
from tests.trust import AREAS, LEEDS, World
from tests.web.published import test_twin_worlds as some_pages

PLACE = "/conditions/dystonia/place"
PAGES = (*some_pages.PAGES, *everywhere.PAGES, "/erased", "/sign-in", "/still-right/no-such-link")
Answers = dict[tuple[str, str], tuple[object, ...]]


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With the clock stopped, there are more searches than a visitor is allowed in an hour."""
    for name in ("NEARBY_VISITOR", "NEARBY_MEMBER"):
        monkeypatch.setattr(near_place, name, quotas.Limit(name, 10_000, quotas.HOUR))
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


@dataclass
class Twins:
    """A site with a hidden member, and a visitor and a member who read it."""

    world: World
    visitor: FlaskClient
    reader: FlaskClient
    hidden: FlaskClient
    public_id: str
    children: tuple[str, ...] = ()

    def answers(self, pages: Collection[str] = PAGES) -> Answers:
        """Return everything that the two readers can see; of the pages, only these."""
        theirs = [f"/members/{i}/connect?condition=dystonia" for i in (self.public_id, "nobody")]
        readers = {"visitor": self.visitor, "reader": self.reader}
        asked = [(who, path) for who in readers for path in (*pages, *theirs)]
        got = {(who, path): readers[who].get(path) for who, path in asked}
        return {at: (a.status_code, sorted(a.headers.items()), a.data) for at, a in got.items()}

    def post(self, path: str, **form: object) -> None:
        """An act of the hidden member."""
        answer = self.hidden.post(path, data=form)
        assert answer.status_code == 303, (path, answer.status_code)

    def ask(self, days: int) -> None:
        """What the worker does, many days later."""
        session = self.world.session
        session.rollback()
        day = date(2026, 11, 22) + timedelta(days)
        run_yearly_check(Context(session, self.world.settings, AREAS, now=midnight(day)))
        self.world.hand_over(day)
        session.commit()

    def care(self) -> None:
        """Place a child."""
        self.post(f"{PLACE}/cared-for", **care_form(year="2027", month="03"))
        page = self.hidden.get("/cared-for").text
        self.children = tuple(a.split("/")[2] for a in actions(page) if a.endswith("/remove"))

    def grow_up(self) -> None:
        """The child turns 18, and stays."""
        self.ask(200)
        self.post(f"/cared-for/{self.children[0]}/keep")


@pytest.fixture
def twins(
    app: Flask,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    login: Callable[..., FlaskClient],
) -> Twins:
    world = World(session, settings)
    for visibility in ("public", "members"):
        world.somebody(visibility, confirmed="2029-01")
    reader = world.member(confirmed="2029-01")
    wait_for_people(session, reader.id, world.condition().id, LEEDS)
    hidden = world.somebody("counted", pseudonym="Hidden", confirmed="2025-12", languages=["fr"])
    session.commit()
    browsers = (login(who, on=app.test_client()) for who in (reader, hidden))
    made = Twins(world, client, *browsers, hidden.public_id)
    for browser, page in ((made.visitor, "/sign-in"), (made.reader, "/places")):
        browser.get(page)  # the first page with a form is given the cookie of its token
    return made


EVERYTHING: dict[str, Callable[[Twins], None]] = {
    "hide": lambda t: t.post("/account/hide"),
    "hide again": lambda t: t.post("/account/hide"),
    "undo": lambda t: t.post("/account/show"),
    "pause": lambda t: t.post("/account/pause"),
    "end the pause": lambda t: t.post("/account/end-pause"),
    "take mail back": lambda t: t.post("/consent/mail/take-back"),
    "agree to mail": lambda t: t.post("/consent/mail/agree", words=words_version()),
    "agree to be counted": lambda t: t.post(
        "/consent/count/agree", condition="dystonia", words=words_version()
    ),
    "rename": lambda t: t.post("/profile", pseudonym="Other", languages="de"),
    "move": lambda t: t.post(PLACE, **place_form(visibility="counted", precision="country")),
    "place a child": lambda t: t.care(),
    "place another": lambda t: t.care(),
    "remove it": lambda t: t.post(f"/cared-for/{t.children[-1]}/remove"),
    "the child turns 18": lambda t: t.grow_up(),
    "be asked": lambda t: t.ask(300),
    "be silent": lambda t: t.ask(345),
    "be hidden by silence": lambda t: t.ask(361),
    "answer": lambda t: t.post("/still-right"),
    "leave the map": lambda t: t.post("/consent/count/take-back", condition="dystonia"),
    "come back": lambda t: t.post(PLACE, **place_form(visibility="counted", precision="country")),
    "pause once more": lambda t: t.post("/account/pause"),
    "erase": lambda t: t.post("/account/erase"),
}


def test_nothing_that_a_hidden_member_does_changes_a_public_byte(
    twins: Twins, sampling: Sampling
) -> None:
    before = twins.answers()
    assert {status for status, *_ in before.values()} == {200, 303, 404, 410}
    asked = sampling.pairs(list(EVERYTHING), PAGES, least=len(PAGES) // 3)
    for what, act in EVERYTHING.items():
        act(twins)
        now = twins.answers([page for after, page in asked if after == what])
        assert [at for at, answer in now.items() if answer != before[at]] == [], what
    assert twins.answers() == before
    session = twins.world.session
    session.rollback()
    assert session.scalar(select(func.count()).select_from(PeopleAlert)) == 1  # nobody was told
    assert (
        session.scalar(select(Membership.member_id).where(Membership.public_id == twins.public_id))
        is None
    )


def test_silence_until_the_end_changes_nothing_either(twins: Twins) -> None:
    before = twins.answers()
    for days in (300, 345, 360, 695, 725):
        twins.ask(days)
        assert twins.answers() == before
    session = twins.world.session
    assert (
        session.scalar(select(Membership.member_id).where(Membership.public_id == twins.public_id))
        is None
    )


@pytest.mark.parametrize("act", ["hide", "pause", "erase", "place a child"])
def test_the_number_of_somebody_hidden_is_that_of_nobody(twins: Twins, act: str) -> None:
    nobody = str(uuid4())

    def _asked(number: str) -> tuple[int, str]:
        answer = twins.reader.get(f"/members/{number}/connect?condition=dystonia")
        return answer.status_code, answer.text.replace(number, "")

    EVERYTHING[act](twins)
    for number in (twins.public_id, *twins.children):
        assert _asked(number) == _asked(nobody)


def test_the_same_acts_of_somebody_listed_do_change_them(
    twins: Twins, login: Callable[..., FlaskClient], app: Flask
) -> None:
    """The tests above would prove nothing if the pages never changed."""
    listed = twins.world.somebody("public", pseudonym="Listed")
    browser = login(listed, on=app.test_client())
    seen = [twins.answers()]
    for act in ("hide", "show", "pause", "end-pause", "erase"):
        assert browser.post(f"/account/{act}").status_code == 303
        seen.append(twins.answers())
    assert all(one != other for one, other in pairwise(seen))
