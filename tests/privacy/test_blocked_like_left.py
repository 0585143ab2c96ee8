"""A member who is blocked on a map reads there what they would read of one who has left.

Byte for byte; what they read on other maps is in ``test_two_maps_contact.py``.
"""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.contact import message_send
from mapapp.actions.core.context import Context
from mapapp.domain.areas.area_tree import load_areas
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member
from tests import contact_requests
from tests.alerts import wait_for_people
from tests.moderation import Site
from tests.trust import LEEDS, YORK

AREAS = load_areas()
MAPS = ("conversation", "knock", "asked")
NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
TOKEN = re.compile(r'name="csrf_token"[^>]*>')


@dataclass
class Pair:
    """Two members who have much to do with each other, on their own maps."""

    site: Site
    tag: str
    wren: Member
    robin: Member
    conversation: str = ""
    ids: dict[str, str] = field(default_factory=dict)  # Wren's on each map
    reported: tuple[str, ...] = ()

    def slug(self, which: str) -> str:
        return f"{self.tag}-{which}"

    def live(self) -> None:
        """Ask, talk, decline, report and wait."""
        site, wren, robin = self.site, self.wren, self.robin
        for which in MAPS:
            site.condition(self.slug(which)).name = which
            for who in (wren, robin):
                site.place(who, "public", self.slug(which))
            self.ids[which] = wren.public_id
        conversation = contact_requests.connected(
            site.session, site.settings, robin, wren, self.slug("conversation")
        )
        said = str(uuid.uuid4())
        for who, key in ((robin, str(uuid.uuid4())), (wren, said)):
            message_send.send_message(
                Context(site.session, site.settings, reader_id=who.id),
                conversation,
                "Good morning",
                key,
            )
        contact_requests.ask(
            site.session,
            site.settings,
            wren.id,
            site.on_map(robin, self.slug("knock")).public_id,
            self.slug("knock"),
        )
        contact_requests.ask(
            site.session, site.settings, robin.id, self.ids["asked"], self.slug("asked")
        )
        requests = select(ContactRequest.public_id, ContactRequest.to_member_id).where(
            ContactRequest.state == "open"
        )
        mine = {to: name for name, to in site.session.execute(requests)}
        contact_requests.answer(site.session, site.settings, wren.id, mine[wren.id], yes=False)
        person = ("person", self.ids["conversation"])
        pieces = (person, ("message", said), ("knock", mine[robin.id]))
        for kind, piece in pieces:
            site.report_piece(robin, kind, piece, "other", self.slug("conversation"))
        condition_id = site.condition(self.slug("conversation")).id
        wait_for_people(site.session, robin.id, condition_id, YORK)
        self.reported = tuple(f"/report/{kind}/{piece}" for kind, piece in pieces)
        self.conversation = conversation

    def pages(self) -> list[str]:
        """Return all URLs at which something about Wren could be read."""
        slug = self.slug("conversation")
        area = AREAS.get(YORK).code
        return [
            "/inbox",
            "/inbox/search?q=morning",
            f"/conversations/{self.conversation}",
            "/account/data",
            "/account/data.json",
            "/account/blocked",
            "/news",
            "/places",
            *(f"/members/{id}/connect?condition={self.slug(w)}" for w, id in self.ids.items()),
            *(f"/members/{id}/connect" for id in self.ids.values()),
            *(page for report in self.reported for page in (report, f"{report}/thanks")),
            f"/conditions/{slug}/areas/{area}",
            f"/conditions/{slug}/areas/{area}/people.json",
            f"/conditions/{slug}/areas/WORLD",
            f"/conditions/{slug}/nearby",
            f"/conditions/{slug}/nearby/ask",
            f"/conditions/{slug}/nearby?place=mine&language=en",
            f"/conditions/{slug}/map",
        ]

    def block(self) -> None:
        """Let Wren block Robin on each of the maps."""
        for which in MAPS:
            self.site.block(self.wren, self.robin, self.slug(which))

    def read(self, browser: FlaskClient) -> list[tuple[str, int, str]]:
        """Return what Robin reads, without the names that differ between any two pairs."""
        found = []
        for page in self.pages():
            answer = browser.get(page)
            parts = (page, answer.text.replace(self.robin.email, "@"))
            page, text = (NAME.sub("#", TOKEN.sub("", t)).replace(self.tag, "pair") for t in parts)
            found.append((page, answer.status_code, text))
        return found


@pytest.fixture
def pairs(site: Site) -> list[Pair]:
    made = []
    for tag in ("aaaa", "bbbb"):
        wren = site.member(pseudonym="Wren")
        robin = site.member(pseudonym="Robin", email=f"{tag}@example.org")
        made.append(Pair(site, tag, wren, robin))
        made[-1].live()
    return made


def test_every_page_of_who_is_blocked(
    site: Site, pairs: list[Pair], app: Flask, login: Callable[..., FlaskClient]
) -> None:
    blocked, left = pairs
    blocked.block()
    erase_member(Context(site.session, site.settings), left.wren.id)
    # Numbers change when a member leaves, not after a block, so another member fills the gap.
    for which in MAPS:
        other = site.member(pseudonym="Other")
        site.place(other, "public", left.slug(which))
        site.block(other, left.robin, left.slug(which))
    site.session.commit()
    seen = [pair.read(login(pair.robin, on=app.test_client())) for pair in pairs]
    for one, other in zip(*seen, strict=True):
        assert one == other, one[0]


def test_signed_out_they_see_what_everybody_sees(
    site: Site, pairs: list[Pair], app: Flask, login: Callable[..., FlaskClient]
) -> None:
    """The button for blocking says so."""
    pair = pairs[0]
    pair.block()
    site.session.commit()
    path = f"/conditions/{pair.slug('asked')}/areas/{AREAS.get(LEEDS).code}"
    assert ">Wren<" not in login(pair.robin, on=app.test_client()).get(path).text
    assert ">Wren<" in app.test_client().get(path).text
    member = login(site.member(), on=app.test_client())
    offered = member.get(f"/members/{pair.ids['asked']}/connect?condition={pair.slug('asked')}")
    assert "they can still see when they are signed out" in offered.text


@pytest.mark.parametrize("which", range(3))
def test_nobody_finds_out_by_blocking_whom_they_reported(
    site: Site,
    pairs: list[Pair],
    app: Flask,
    login: Callable[..., FlaskClient],
    which: int,
) -> None:
    blocked, left = pairs
    blocked.block()
    erase_member(Context(site.session, site.settings), left.wren.id)
    site.session.commit()
    seen = []
    for pair in pairs:
        browser = login(pair.robin, on=app.test_client())
        answer = browser.post(f"{pair.reported[which]}/block")
        listed = TOKEN.sub("", browser.get("/account/blocked").text)
        page = NAME.sub("#", TOKEN.sub("", answer.text))
        seen.append((answer.status_code, page, listed))
    assert seen[0] == seen[1]
    assert "Wren" not in seen[0][2]
