"""The id of an account stands on no page of contact, reports or moderation, nor in mail."""

from collections import Counter
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from mapapp.actions.moderation import appeal
from mapapp.store.contact import ContactRequest, Message
from mapapp.store.moderation import Case, Ruling
from tests.mail import waiting_mail
from tests.moderation import APPEAL, Site
from tests.two_maps import FIRST, SECOND, TwoMaps

ROOMS = ("connect", "conversations", "reports", "rulings", "wishes", "moderation")
READERS = ("robin", "third", "visitor", "mod", "wren")


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def maps(site: Site, app: Flask) -> TwoMaps:
    """Two maps with requests, links in messages, reports, blocks, decisions and an appeal."""
    made = TwoMaps(site, app)
    made.ask("third", "wren", FIRST)
    made.ask("robin", "third", FIRST)
    for n in range(5):  # addresses in the first messages wait for a moderator
        made.write("wren", f"Good day number {n}")
    made.write("wren", "Look at https://example.org/ please")
    query = select(Message.public_id).where(Message.sender_id == made.wren.id)
    for piece in site.session.scalars(query):
        site.report_piece(made.robin, "message", piece)
    site.settle(made.people["mod"], "warn")
    appeal.make_appeal(site.session, made.wren.id, site.ruling().public_id, APPEAL)
    made.report("robin", "wren", FIRST)
    site.take(made.people["mod"])
    made.block("wren", "third", SECOND)
    return made


def _values(maps: TwoMaps) -> dict[str, list[str]]:
    """Return what may stand in each part of an address."""
    session = maps.site.session
    people = [maps.id_on(who, slug) for who in ("wren", "robin") for slug in (FIRST, SECOND)]
    messages = list(session.scalars(select(Message.public_id)))
    requests = list(session.scalars(select(ContactRequest.public_id)))
    return {
        "public_id": people,
        "conversation": [maps.talk],
        "message": messages,
        "number": ["0"],
        "request_id": requests,
        "slug": [FIRST, SECOND],
        "kind": ["person", "message", "knock"],
        "piece": [*people, *messages, *requests],
        "case_id": list(session.scalars(select(Case.public_id))),
        "ruling_id": list(session.scalars(select(Ruling.public_id))),
    }


def _addresses(app: Flask, values: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return each page that can be opened, by its name, with every value in its address."""
    found: list[tuple[str, str]] = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in ROOMS and "GET" in (rule.methods or ()):
            found += [(rule.endpoint, path) for path in _filled(rule, values)]
    return found


def _filled(rule: Rule, values: dict[str, list[str]]) -> list[str]:
    paths = [rule.rule.replace("int:", "")]
    for part in rule.arguments:
        paths = [path.replace(f"<{part}>", one) for path in paths for one in values[part]]
    return paths


def _all_of(browser: FlaskClient, path: str) -> tuple[int, str]:
    answer = browser.get(path)
    return answer.status_code, f"{answer.headers}\n{answer.text}"


@pytest.mark.parametrize("reader", READERS)
def test_no_page_shows_the_id_of_an_account(maps: TwoMaps, app: Flask, reader: str) -> None:
    addresses = _addresses(app, _values(maps))
    ids = {who: member.account_id for who, member in maps.people.items() if who != reader}
    maps.browser(reader)
    maps.site.session.commit()
    opened: Counter[str] = Counter()
    for endpoint, path in addresses:
        status, words = _all_of(maps.browser(reader), path)
        opened[endpoint] += status == 200
        assert not [who for who, one in ids.items() if one in words or one[:8] in words], path
    expected = {name for name, _ in addresses if _may_open(reader, name)}
    assert {name for name, n in opened.items() if n} == expected


def _may_open(reader: str, name: str) -> bool:
    if reader == "visitor":
        return False
    if name.startswith("moderation."):
        return reader == "mod"
    if name == "conversations.warn_of_link":
        return reader in {"wren", "robin"}
    if name in {"conversations.show_conversation", "conversations.leave"}:
        return reader in {"wren", "robin"}
    if name == "reports.thanks":
        return reader == "robin"  # the third member was blocked by whom they reported
    if name == "wishes.show_wishes":
        return reader != "mod"
    return True


def test_no_mail_holds_it(maps: TwoMaps) -> None:
    mails = waiting_mail(maps.site.session, maps.site.settings)
    assert mails
    for mail in mails:
        assert not any(member.account_id in str(mail) for member in maps.people.values())
