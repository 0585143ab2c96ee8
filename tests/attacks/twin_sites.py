"""Sites in this process that can be made alike: same database, same clock, same chance."""

import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from mapapp.actions.core.context import Context
from mapapp.app import create_app
from mapapp.domain.areas.area_tree import load_areas
from mapapp.settings import Settings, load_settings
from mapapp.store.database import FOR_WRITING
from mapapp.store.members import Member
from mapapp.web.core.request_session import db
from tests.attacks.target import Here, Reply
from tests.databases import fast_folder, fill_template
from tests.factories import ADDRESS_KEY
from tests.finished import STORY, emptied
from tests.open_to import FOR_EVERYONE
from tests.places import zones_of
from tests.privacy import test_twin_worlds_everywhere as everywhere
from tests.searchable import KEY
from tests.sites import connect, movable
from tests.web.published import test_twin_worlds as some_pages

AREAS = load_areas()
ZONES = zones_of("GB-ENG")[:3]
FIRST, OTHER = "dystonia", "gout"
PUBLISHES = "daily@04:00"
VALUES: dict[str, tuple[object, ...]] = {
    "slug": (FIRST, OTHER),
    "other": (OTHER,),
    "code": (AREAS.code[0], "GB", "GB-ENG", AREAS.code[ZONES[0]]),
    "area_id": (0, ZONES[0]),
    "question": (KEY,),
    "public_id": (STORY,),
    "number": (1,),
    "kind": ("site",),
    "collection": ("countries", "zones"),
    "token": ("no-such-link",),
}
"""What stands in addresses, by its name in the site's rules."""
ANYTHING = (FIRST,)
"""What stands there under any other name."""
SAME_FOR_ALL = ("assets.", "geo.", "maps.map_script", "app_icons.", "dev_mail.")
"""Files of the program and of the map, read from no database; and mails of developers."""
_numbers = count(1)


def addresses(app: Flask) -> tuple[str, ...]:
    """Return the addresses of all pages that anybody may open, later ones too."""
    rules = [rule for rule in app.url_map.iter_rules() if _is_public(rule)]
    found = [address for rule in rules for address in _addresses_of(rule)]
    return tuple(dict.fromkeys((*found, *some_pages.PAGES, *everywhere.PAGES, *everywhere.FORMS)))


def _is_public(rule: Rule) -> bool:
    is_open = rule.endpoint in FOR_EVERYONE and "GET" in (rule.methods or ())
    return is_open and not rule.endpoint.startswith(SAME_FOR_ALL)


def _addresses_of(rule: Rule) -> Iterator[str]:
    names = sorted(rule.arguments)
    for chosen in product(*(VALUES.get(name, ANYTHING) for name in names)):
        built = rule.build(dict(zip(names, chosen, strict=True)))
        if built is not None:
            yield built[1]


@contextmanager
def same_chance(seed: object) -> Iterator[random.Random]:
    """Let whatever is drawn by chance follow from ``seed``: ids, tokens, pseudonyms offered."""
    chance = random.Random(repr(seed))
    with (
        patch.object(os, "urandom", chance.randbytes),
        patch.object(random, "_urandom", chance.randbytes),
    ):
        yield chance


@dataclass
class TwinSite:
    """A site that is put back, again and again, to the copy of a database."""

    folder: Path
    settings: Settings
    app: Flask
    engine: Engine

    @classmethod
    def new(cls, folder: Path, template: Path) -> "TwinSite":
        """Return a site in a folder of its own, with a copy of a database."""
        folder.mkdir()
        url = f"sqlite:///{shutil.copyfile(template, folder / 'first.sqlite')}"
        settings = load_settings(
            instance=folder / "instance",
            database_url=url,
            secret_key="a secret of two sites that are to be alike",
            address_key=ADDRESS_KEY,
            publish=PUBLISHES,
        )
        app = create_app(settings)
        app.config.update(TESTING=True)
        made = cls(folder, settings, app, movable(url))
        made.turn_to(url)
        return made

    def turn_to(self, url: str) -> None:
        """Use another database; what was kept of the last one is forgotten."""
        emptied(self.app).start_anew()
        with self.app.app_context():
            db.engine.dispose()
        self.engine.dispose()
        self.engine.url = make_url(url)
        self.settings = self.settings.model_copy(update={"database_url": url})
        self.app.extensions["mapapp_settings"] = self.settings
        connect(self.app, self.engine)

    def put_back(self, base: Path) -> None:
        """Begin again with a copy of ``base``, under a name that no site here had before."""
        before = Path(str(self.engine.url.database))
        here = self.folder / f"{next(_numbers)}.sqlite"
        shutil.copyfile(base, here)
        self.turn_to(f"sqlite:///{here}")
        for end in ("", "-wal", "-shm", ".publishing"):
            Path(f"{before}{end}").unlink(missing_ok=True)

    def save(self, base: Path) -> None:
        """Write the database as it is now to a file."""
        with (
            sqlite3.connect(str(self.engine.url.database)) as here,
            sqlite3.connect(base) as there,
        ):
            here.backup(there)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session for one act, which is committed."""
        writing = self.engine.execution_options(**FOR_WRITING)
        with Session(writing, expire_on_commit=False) as session:
            yield session
            session.commit()

    def context(self, session: Session, who: int | None = None) -> Context:
        """Return where acts happen: on this site, now."""
        return Context(session, self.settings, AREAS, who)

    def read(self, address: str, network: str, who: Member | None = None) -> Reply:
        """Return what somebody reads at an address."""
        return Here(self.app, network, who).get(address)


@contextmanager
def two_sites(fill: Callable[[TwinSite], None]) -> Iterator[tuple[TwinSite, TwinSite, Path]]:
    """Give two sites, and the file of what ``fill`` put into the first of them."""
    with tempfile.TemporaryDirectory(prefix="mapapp-twins-", dir=fast_folder()) as name:
        folder = Path(name)
        template = folder / "template.sqlite"
        fill_template(f"sqlite:///{template}")
        sites = TwinSite.new(folder / "one", template), TwinSite.new(folder / "other", template)
        fill(sites[0])
        base = folder / "base.sqlite"
        sites[0].save(base)
        try:
            yield (*sites, base)
        finally:
            for site in sites:
                emptied(site.app).start_anew()
                with site.app.app_context():
                    db.engine.dispose()
                site.engine.dispose()
