"""Nothing that people do whom nobody sees changes a byte of any public answer (rule 4).

They hide, rest, agree, take back, are asked and silent, place whom they care for, and leave.
"""

from collections.abc import Callable, Iterator
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

from mapapp.actions import quotas, tell
from mapapp.actions.still_right import ask_around
from mapapp.domain.consents import words_version
from mapapp.settings import Settings
from mapapp.store.connections import TellMe
from mapapp.store.members import Member
from mapapp.web import nearby
from tests.privacy import test_twin_worlds_everywhere as everywhere
from tests.trust import AREAS, LEEDS, World, actions, care_form, place_form
from tests.web import test_twin_worlds as some_pages

PLACE = "/conditions/dystonia/place"
PAGES = (*some_pages.PAGES, *everywhere.PAGES, "/erased", "/sign-in", "/still-right/no-such-link")
Answers = list[tuple[object, ...]]


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In an hour that does not end there are more searches than a visitor has."""
    for name in ("NEARBY_VISITOR", "NEARBY_MEMBER"):
        monkeypatch.setattr(nearby, name, quotas.Limit(name, 10_000, quotas.HOUR))
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


@dataclass
class Twins:
    """A site with one whom nobody sees, a visitor and a member who read it."""

    world: World
    visitor: FlaskClient
    reader: FlaskClient
    hidden: FlaskClient
    public_id: str
    children: tuple[str, ...] = ()

    def answers(self) -> Answers:
        """Return everything that the two readers can see."""
        theirs = [f"/members/{i}/connect?condition=dystonia" for i in (self.public_id, "nobody")]
        got = [r.get(path) for r in (self.visitor, self.reader) for path in (*PAGES, *theirs)]
        return [(a.status_code, sorted(a.headers.items()), a.data) for a in got]

    def post(self, path: str, **form: object) -> None:
        """What the hidden one does."""
        answer = self.hidden.post(path, data=form)
        assert answer.status_code == 303, (path, answer.status_code)

    def ask(self, days: int) -> None:
        """What the worker does, many days later."""
        session = self.world.session
        session.rollback()
        day = date(2026, 11, 22) + timedelta(days)
        ask_around(session, self.world.settings, AREAS, day)
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
    tell.wish(session, AREAS, reader.id, world.condition().id, LEEDS)
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
    "rename": lambda t: t.post("/profile", pseudonym="Other", languages="de", birth_decade=""),
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


def test_nothing_that_a_hidden_member_does_changes_a_public_byte(twins: Twins) -> None:
    before = twins.answers()
    assert {status for status, *_ in before} == {200, 303, 404, 410}
    for what, act in EVERYTHING.items():
        act(twins)
        now = twins.answers()
        changed = [n for n, (a, b) in enumerate(zip(before, now, strict=True)) if a != b]
        assert changed == [], what
    session = twins.world.session
    session.rollback()
    assert session.scalar(select(func.count()).select_from(TellMe)) == 1  # nobody was told
    assert session.scalar(select(Member.id).where(Member.public_id == twins.public_id)) is None


def test_silence_until_the_end_changes_nothing_either(twins: Twins) -> None:
    before = twins.answers()
    for days in (300, 345, 360, 695, 725):
        twins.ask(days)
        assert twins.answers() == before
    session = twins.world.session
    assert session.scalar(select(Member.id).where(Member.public_id == twins.public_id)) is None


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
    """The tests above would be worth nothing if the pages never changed."""
    listed = twins.world.somebody("public", pseudonym="Listed")
    browser = login(listed, on=app.test_client())
    seen = [twins.answers()]
    for act in ("hide", "show", "pause", "end-pause", "erase"):
        assert browser.post(f"/account/{act}").status_code == 303
        seen.append(twins.answers())
    assert all(one != other for one, other in pairwise(seen))
