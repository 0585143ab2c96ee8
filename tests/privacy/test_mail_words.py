"""No word of a mail, and none of its links, tells what the site is about (rule 4)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from mapapp.actions import sign_in, tell
from mapapp.actions.letters import write_letter
from mapapp.actions.notices import warn
from mapapp.actions.outbox import Mail
from mapapp.actions.still_right import ask_around
from mapapp.paths import TEMPLATES
from mapapp.settings import Settings
from tests import knocks as connecting
from tests.mail import waiting_mail
from tests.trust import AREAS, LEEDS, World

LETTERS = sorted(path.stem for path in (TEMPLATES / "mail").glob("*.txt"))
VALUES = {"link": "https://example.org/x", "code": "123456"}
TELLING = (
    *("condition", "disease", "disorder", "illness", "sick", "syndrome", "symptom"),
    *("diagnos", "health", "medic", "patient", "treatment", "doctor", "clinic", "rare"),
    *("care", "cared", "child", "parent", "dependent", "grown", "adult", "18"),
    *("member", "community", "contact", "connect", "request", "conversation", "pseudonym"),
    *("map", "area", "zone", "region", "country", "nearby", "near you", "dystonia", "leeds"),
)
TOKEN = re.compile(r"[\w.=-]{24,}")  # sealed, so any letters may stand in it by chance
START, GROWN_UP = date(2026, 11, 1), date(2040, 2, 1)


def _telling(text: str) -> set[str]:
    return {word for word in TELLING if word in TOKEN.sub("", text).casefold()}


@pytest.mark.parametrize("name", LETTERS)
def test_no_letter_holds_a_telling_word(name: str) -> None:
    letter = write_letter(name, **VALUES)
    assert _telling(letter.subject + "\n" + letter.body) == set()


@pytest.fixture
def mails(session: Session, settings: Settings) -> list[Mail]:
    """Every mail that the site queues, from everything that queues one."""
    world = World(session, settings)
    wren = world.somebody("members", email="wren@example.org", confirmed="2025-11")
    connecting.ask(session, settings, world.somebody().id, wren.public_id, "dystonia", "meet")
    tell.wish(session, AREAS, wren.id, world.condition("als").id, LEEDS)
    world.place(world.member(), "members", "als")
    sign_in.ask(session, settings, "wren@example.org", "/conditions/dystonia/place")
    world.child_of(world.member(confirmed="2099-01"), "2040-01")
    _ask(world, *(START + timedelta(day) for day in (0, 45, 60, 395)))
    for letter in ("sign_in_added", "sign_in_removed"):
        warn(session, settings, wren.id, letter)
    before = waiting_mail(session, settings)
    _ask(world, GROWN_UP, GROWN_UP + timedelta(45))
    return before + waiting_mail(session, settings)


def _ask(world: World, *days: date) -> None:
    for day in days:
        ask_around(world.session, world.settings, AREAS, day)
        world.hand_over(day)


def _links(mail: Mail) -> Iterator[str]:
    for link in re.findall(r"https?://\S+", mail.body):
        yield urlsplit(link)._replace(scheme="", netloc="").geturl()


def test_no_link_in_any_mail_holds_a_telling_word(mails: list[Mail]) -> None:
    subjects = {write_letter(name, **VALUES).subject for name in LETTERS}
    assert {mail.subject for mail in mails} == subjects  # or a letter was not tried
    links = [link for mail in mails for link in _links(mail)]
    assert len(links) >= len(LETTERS)
    assert {link: _telling(link) for link in links if _telling(link)} == {}


def test_the_list_would_find_a_telling_path() -> None:
    assert _telling("/cared-for") == {"care", "cared"}
    assert _telling("/conditions/dystonia/place") == {"condition", "dystonia"}
