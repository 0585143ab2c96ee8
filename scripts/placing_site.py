"""A site with one hot condition, and members who are signed in and about to place themselves."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from mapapp.actions.operations.bench_load import load_people
from mapapp.actions.operations.site_setup import fill_site
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.keyed_hash import plain_hash
from mapapp.domain.core.visibilities import MAP
from mapapp.domain.mail.consent_wordings import ADULT, MAIL, PURPOSES, words_version
from mapapp.settings import Settings, load_settings
from mapapp.store.bulk import reserve_ids
from mapapp.store.conditions import Condition
from mapapp.store.database import make_engine, transaction
from mapapp.store.mail import Consent
from mapapp.store.members import Member, MemberLanguage, PeopleAlert, new_public_id
from mapapp.store.migrate import upgrade
from mapapp.store.sign_in import WebSession
from mapapp.web.core.security import TOKEN_SALT, form_token

PEOPLE = 160_000
"""So that 20,000 of the largest map wait for somebody near them."""
MONTH_LONG = 30 * 86_400


@dataclass(frozen=True)
class Person:
    """A member whose browser is about to send the form: the key of the session, and the body."""

    member_id: int
    key: str
    body: bytes

    @property
    def key_hash(self) -> str:
        """What names the session's row."""
        return plain_hash(self.key)


@dataclass(frozen=True)
class Site:
    """A site to be measured, and the condition that everybody joins."""

    settings: Settings
    condition_id: int
    slug: str
    alerts: int

    @property
    def path(self) -> str:
        """Where the form is sent."""
        return f"/conditions/{self.slug}/place"


@contextmanager
def made_site(folder: Path, url: str = "", people: int = PEOPLE) -> Iterator[Site]:
    """Make a site in ``folder``, with its database at ``url`` (default: SQLite in the folder)."""
    settings = load_settings(instance=folder, publish="daily@04:00", database_url=url)
    engine = make_engine(settings.sqlalchemy_url)
    upgrade(engine)
    with transaction(engine) as session:
        fill_site(session)
    load_people(engine, people, settings.schedule.last(int(time.time())))
    with Session(engine) as session:
        hot = session.execute(
            select(Condition.id, Condition.slug).order_by(Condition.listed.desc()).limit(1)
        ).one()
        alerts = session.scalar(select(func.count()).select_from(PeopleAlert)) or 0
    engine.dispose()
    yield Site(settings, hot.id, hot.slug, alerts)


def sign_in(site: Site, n: int) -> list[Person]:
    """Make ``n`` members who agreed to mail, said that they are 18, and are signed in."""
    engine = make_engine(site.settings.sqlalchemy_url)
    signer = URLSafeTimedSerializer(site.settings.secret, salt=TOKEN_SALT)
    zones = [int(one) for one in (load_areas().level == ZONE).nonzero()[0]]
    with transaction(engine) as session:
        people, members, sessions = [], [], []
        for member_id in reserve_ids(session, Member, n):
            handle, key = secrets.token_hex(16), secrets.token_urlsafe(32)
            token = form_token(site.settings.secret, member_id)
            held = {"_user_id": handle, "member_id": member_id, "csrf_token": token}
            area = zones[member_id % len(zones)]
            body = _form(str(signer.dumps(token)), area)
            people.append(Person(member_id, key, body))
            members.append({"id": member_id, "session_handle": handle, "active": True})
            sessions.append(
                {
                    "key_hash": plain_hash(key),
                    "public_id": new_public_id(),
                    "member_id": member_id,
                    "data": TaggedJSONSerializer().dumps(held).encode(),
                    "expires": int(time.time()) + MONTH_LONG,
                }
            )
        session.execute(insert(Member), members)
        session.execute(insert(WebSession), sessions)
        said = [{"member_id": one.member_id, "language": "en"} for one in people]
        session.execute(insert(MemberLanguage), said)
        session.execute(
            insert(Consent), [_receipt(p, one) for p in (ADULT, MAIL) for one in people]
        )
    engine.dispose()
    return people


def _form(token: str, area_id: int) -> bytes:
    fields = {
        "csrf_token": token,
        "area_id": area_id,
        "area_version": load_areas().version,
        "precision": "zone",
        "visibility": MAP,
        "role": "self",
        "pseudonym": "Quiet Heron",
        "languages": "en",
        "words": words_version(),
    }
    return urlencode(fields).encode()


def _receipt(purpose: str, one: Person) -> dict[str, object]:
    return {
        "member_id": one.member_id,
        "condition_id": None,
        "purpose": purpose,
        "version": PURPOSES[purpose].now.version,
        "given": this_month(),
        "withdrawn": "",
    }
