"""Nothing of a member who left is in the live database, whatever came before (privacy rule 8).

On SQLite the bytes of the file and of its journal are searched, so also what a page of the file
holds beside its rows; on PostgreSQL every column of every table.
"""

import random
import uuid
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.domain.mail.consent_wordings import words_version
from mapapp.settings import Settings
from mapapp.store.database import forget_erased, make_engine, transaction
from mapapp.store.members import Member, Membership
from mapapp.store.sign_in import Passkey, SignInLink, WebSession
from mapapp.store.tables import Base
from tests.databases import PostgresDatabases, SqliteDatabases, stored
from tests.forms import actions, care_form, place_form
from tests.mail import newest_mail
from tests.signed_in import sign_in
from tests.trust import LEEDS, YORK, World

ADDRESS = "zebra.plover@telling.example.org"
NAMES = ("Striped Plover", "Spotted Plover", "Plover of the Marsh")
PLACE = "/conditions/dystonia/place"
KNOCK = {"reason": "meet", "greeting": "hello"}


def _found(engine: Engine, needles: dict[str, str]) -> set[str]:
    held = stored(engine)
    forms = {name: {text.encode(), _in_hex(text)} for name, text in needles.items() if text}
    return {name for name, texts in forms.items() if any(text in held for text in texts)}


def _in_hex(text: str) -> bytes:
    """How PostgreSQL shows bytes."""
    return text.encode().hex().encode()


class Wren:
    """A member who uses the site for a while, through its pages."""

    def __init__(self, app: Flask, client: FlaskClient, world: World) -> None:
        self.app, self.client, self.world = app, client, world
        self.traces: dict[str, str] = {}

    def post(self, path: str, **data: object) -> None:
        """Send a form, which is accepted."""
        answer = self.client.post(path, data=data)
        assert answer.status_code == 303, (path, answer.status_code)

    def place(self) -> Membership:
        """Return the member's place on the map of dystonia."""
        here = Membership.condition_id == self.world.condition().id
        named = select(Membership).where(here, Membership.pseudonym == NAMES[2])
        return self.world.session.scalars(named).one()

    def signs_in(self) -> None:
        """Sign in with a link, after requesting some others that are never used."""
        for _ in range(2):
            self.post("/sign-in", email=ADDRESS, next="/places")
        session = self.world.session
        session.rollback()
        body = newest_mail(session, self.world.settings).body
        session.rollback()
        self.post("/sign-in/link/" + body.partition("/sign-in/link/")[2].split()[0])
        self.app.test_client().post("/sign-in", data={"email": ADDRESS})

    def lives(self) -> None:
        """Place, move, rename, hide, pause, agree and withdraw."""
        for n, name in enumerate(NAMES):
            area = str((LEEDS, YORK)[n % 2])
            form = place_form(area_id=area, pseudonym=name, adult="y", mail="y")
            self.post(PLACE, **form)
        self.post("/conditions/als/place", **place_form(visibility="public", pseudonym=NAMES[2]))
        for path in ("hide", "show", "pause", "end-pause", "hide", "show"):
            self.post(f"/account/{path}")
        for act in ("take-back", "agree"):
            self.post(f"/consent/mail/{act}", words=words_version())
        for area_id in (LEEDS, YORK):
            self.post("/conditions/als/tell-me", where=f"near:{area_id}", people="3", by_mail="y")
        taken_back = {"kind": "near", "area": str(YORK), "people": "3"}
        self.post("/conditions/als/tell-me/stop", **taken_back)

    def cares(self) -> None:
        """Place three people, and remove one of them."""
        for who in ("child", "child", "grown"):
            self.post(f"{PLACE}/cared-for", **care_form(who=who))
        removing = [a for a in actions(self.client.get("/cared-for").text) if a.endswith("/remove")]
        self.traces |= {f"person {n}": path.split("/")[2] for n, path in enumerate(removing)}
        assert len(removing) == 3
        self.post(removing[0])

    def meets(self) -> None:
        """Ask a member for contact, and be asked, with mail queued."""
        world = self.world
        others = [world.somebody("members") for _ in range(2)]
        world.session.commit()
        self.post(f"/members/{others[0].public_id}/connect?condition=dystonia", **KNOCK)
        browser = self.app.test_client()
        sign_in(browser, others[1].id, others[1].session_handle, strong=False)
        public_id = self.place().public_id
        world.session.rollback()
        path = f"/members/{public_id}/connect?condition=dystonia"
        assert browser.post(path, data=KNOCK).status_code == 303

    def has_devices(self) -> None:
        """Add a passkey, and a browser with a name."""
        session = self.world.session
        place = self.place()
        mine = session.get_one(Member, place.member_id)
        key = Passkey(
            member_id=mine.id,
            credential=b"credential of the plover",
            public_key=b"public key of the plover",
            name="Silver Plover Telephone",
            month="2026-11",
        )
        session.add(key)
        here = WebSession.member_id == mine.id
        session.execute(update(WebSession).where(here).values(device="Brass Plover Browser"))
        session.flush()
        browser = session.scalars(select(WebSession).where(here)).one()
        link = session.scalars(select(SignInLink)).first()
        assert link is not None
        self.traces |= {
            "passkey": key.name,
            "credential": "credential of the plover",
            "key": "public key of the plover",
            "passkey's handle": key.public_id,
            "device": browser.device,
            "device's handle": browser.public_id,
            "session": browser.key_hash,
            "sign-in": link.link_hash,
            "sealed sign-in": link.sealed,
            "mark": mine.address_mark or "",
            "sealed": mine.address_sealed or "",
            "account": mine.account_id,
            "public id": place.public_id,
            "handle": mine.session_handle,
            "name": NAMES[2],
        }
        session.commit()


@pytest.fixture
def wren(app: Flask, client: FlaskClient, session: Session, settings: Settings) -> Wren:
    world = World(session, settings)
    for slug in ("dystonia", "als"):
        world.condition(slug)
    session.commit()
    made = Wren(app, client, world)
    for act in (made.signs_in, made.lives, made.cares, made.meets, made.has_devices):
        act()
    session.close()
    return made


@pytest.mark.both
def test_erasing_leaves_no_trace(wren: Wren, engine: Engine) -> None:
    left = wren.traces.keys() - {"person 0"}  # who was removed before
    assert len(left) == 17
    assert _found(engine, wren.traces) >= left  # or the search would find nothing anyway
    assert wren.client.post("/account/erase").location == "/erased"
    every = {**wren.traces, "first name": NAMES[0], "second name": NAMES[1]}
    every |= {"address": ADDRESS, "start of it": "zebra.plover", "end of it": "telling.example"}
    assert _found(engine, every) == set()


def test_the_address_is_readable_at_no_time(wren: Wren, engine: Engine) -> None:
    parts = {"address": ADDRESS, "name": "zebra.plover", "domain": "telling.example"}
    assert _found(engine, parts) == set()


def test_what_others_hold_is_still_there(wren: Wren, engine: Engine, session: Session) -> None:
    mine = wren.place().member_id
    others = (Member.id == Membership.member_id, Member.id != mine, Member.carer_id.is_(None))
    kept = {who: who for who in session.scalars(select(Membership.public_id).where(*others))}
    session.close()
    assert len(kept) == 2
    wren.client.post("/account/erase")
    assert _found(engine, kept) == set(kept)


def test_of_a_person_who_was_removed_by_their_carer_there_is_no_trace(
    wren: Wren, engine: Engine
) -> None:
    """ "What we held about them is deleted", says the page."""
    number = {"person": wren.traces["person 1"]}
    assert _found(engine, number) == {"person"}
    wren.post(f"/cared-for/{number['person']}/remove")
    assert _found(engine, number) == set()


@pytest.fixture
def crowded(databases: SqliteDatabases | PostgresDatabases) -> Iterator[Engine]:
    """A separate database, filled in the same way each time."""
    engine = make_engine(databases.empty())
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def _come_and_go(engine: Engine, chance: random.Random) -> list[int]:
    """Let many people join and change their data; return their ids."""
    ids: list[int] = []
    for _ in range(100):
        with transaction(engine) as session:
            ids += [_join(session, chance) for _ in range(4)]
        with transaction(engine) as session:
            for member_id in chance.sample(ids, min(6, len(ids))):
                changed = {
                    "staff_name": _text(chance, 6, 20),
                    "totp_secret": _text(chance, 40, 99),
                }
                session.execute(update(Member).where(Member.id == member_id).values(**changed))
    return ids


def _join(session: Session, chance: random.Random) -> int:
    made = Member(
        account_id=str(uuid.UUID(bytes=chance.randbytes(16))),
        staff_name=_text(chance, 6, 20),
        address_mark=_text(chance, 32, 32),
        session_handle=_text(chance, 16, 16),
    )
    session.add(made)
    session.flush()
    browser = WebSession(
        key_hash=_text(chance, 32, 32),
        public_id=str(uuid.UUID(bytes=chance.randbytes(16))),
        member_id=made.id,
        device=_text(chance, 12, 12),
        data=b"-" * chance.randint(100, 400),
        expires=1,
    )
    session.add(browser)
    session.flush()
    return made.id


def _text(chance: random.Random, least: int, most: int) -> str:
    return chance.randbytes(chance.randint(least, most)).hex()


def test_rows_that_others_pushed_around_leave_no_copy_behind(
    crowded: Engine, settings: Settings
) -> None:
    """Full pages of the file are split; a row that moved must not stay on the old page."""
    chance = random.Random(4)
    ids = _come_and_go(crowded, chance)
    left = []
    for member_id in chance.sample(ids, 390):
        with Session(crowded) as session:
            mine = session.get_one(Member, member_id)
            browser = session.scalars(
                select(WebSession).where(WebSession.member_id == mine.id)
            ).one()
            traces = {
                "name": mine.staff_name,
                "mark": mine.address_mark or "",
                "id": mine.account_id,
            }
            traces |= {"device": browser.device, "session": browser.key_hash}
        with transaction(crowded) as session:
            erase_member(Context(session, settings), member_id)
        forget_erased(crowded)
        left += sorted(_found(crowded, traces))
    assert left == []


def test_signing_in_again_after_leaving_makes_somebody_new(
    wren: Wren, engine: Engine, session: Session, login: Callable[..., FlaskClient]
) -> None:
    wren.client.post("/account/erase")
    wren.signs_in()
    assert wren.client.get("/places").status_code == 200
    session.close()
    page = wren.client.get("/account/data.json").get_json()
    assert page["account"]["email"] == ADDRESS
    assert page["account"]["id"] not in wren.traces.values()
    assert (page["places"], page["cared_for"], page["passkeys"]) == ([], [], [])
    assert page["contact_requests"] == page["waiting_for_news"] == page["consents"] == []
