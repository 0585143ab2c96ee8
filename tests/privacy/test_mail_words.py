"""No word and no link in a mail reveals what the site is about (privacy rule 4)."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.account import address_change, sign_in_link
from mapapp.actions.account.waiting_place import Afterwards
from mapapp.actions.account.yearly_check import run_yearly_check
from mapapp.actions.core.context import Context
from mapapp.actions.mail.mail_text import write_mail
from mapapp.actions.mail.notices import warn
from mapapp.actions.mail.outbox import Mail
from mapapp.domain.core.translations import ENGLISH
from mapapp.paths import TEMPLATES
from mapapp.settings import Settings
from tests import contact_requests as connecting
from tests.alerts import tell_news, wait_for_people
from tests.mail import links_in, waiting_mail
from tests.moments import midnight
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
TOKEN = re.compile(r"[\w.=-]{24,}")  # encrypted, so it can contain anything by chance
START, GROWN_UP = date(2026, 11, 1), date(2040, 2, 1)


def _telling(text: str) -> set[str]:
    return {word for word in TELLING if word in TOKEN.sub("", text).casefold()}


@pytest.mark.parametrize("name", LETTERS)
def test_no_letter_holds_a_telling_word(name: str) -> None:
    letter = write_mail(name, ENGLISH, **VALUES)
    assert _telling(letter.subject + "\n" + letter.body) == set()


@pytest.fixture
def mails(session: Session, settings: Settings) -> list[Mail]:
    """Every mail that the site queues, from every act that queues one."""
    world = World(session, settings)
    wren = world.somebody("members", email="wren@example.org", confirmed="2025-11")
    connecting.ask(session, settings, world.somebody().id, wren.public_id, "dystonia", "meet")
    wait_for_people(session, wren.id, world.condition("als").id, LEEDS)
    for _ in range(3):
        world.place(world.member(), "members", "als")
    tell_news(session, settings)
    sign_in_link.request_link(
        Context(session, settings), "wren@example.org", Afterwards("/conditions/dystonia/place")
    )
    world.child_of(world.member(confirmed="2099-01"), "2040-01")
    _ask(world, *(START + timedelta(day) for day in (0, 45, 60, 395)))
    ctx = Context(session, settings)
    address_change.ask(ctx, wren.id, "thrush@example.org")
    session.flush()
    confirm = next(links_in(waiting_mail(session, settings)[-1])).rpartition("/")[2]
    address_change.confirm(ctx, wren.id, confirm, "")
    for letter in ("sign_in_added", "sign_in_removed"):
        warn(Context(session, settings), wren.id, letter)
    before = waiting_mail(session, settings)
    _ask(world, GROWN_UP, GROWN_UP + timedelta(45))
    return before + waiting_mail(session, settings)


def _ask(world: World, *days: date) -> None:
    for day in days:
        run_yearly_check(Context(world.session, world.settings, AREAS, now=midnight(day)))
        world.hand_over(day)


def test_no_link_in_any_mail_holds_a_telling_word(mails: list[Mail]) -> None:
    subjects = {write_mail(name, ENGLISH, **VALUES).subject for name in LETTERS}
    assert {mail.subject for mail in mails} == subjects  # or a template was not tried
    links = [link for mail in mails for link in links_in(mail)]
    assert len(links) >= len(LETTERS)
    assert {link: _telling(link) for link in links if _telling(link)} == {}


def test_the_list_would_find_a_telling_path() -> None:
    assert _telling("/cared-for") == {"care", "cared"}
    assert _telling("/conditions/dystonia/place") == {"condition", "dystonia"}
