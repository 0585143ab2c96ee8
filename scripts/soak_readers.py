"""Those who read: visitors and members, any page, all the time, with and without a kept answer."""

import random
import threading
import time

from soak_history import ON_MAP, SIGNED_IN, VISITOR, Card
from soak_http import GoneError, HttpBrowser
from soak_judge import Heard, Judge
from soak_pages import PAUSE, Asked, names_in
from soak_people import LostError, Person
from soak_places import SLUGS, Places
from soak_publish import Watcher
from soak_site import Site

NOT_MODIFIED, BAD, TOO_MUCH, FAILED = 304, 400, 429, 500
OF_MAPS = ("map", "counts", "condition", "area", "people", "picture", "nearby", "person", "names")
PAGES = {
    "map": 5,
    "counts": 6,
    "condition": 4,
    "area": 6,
    "people": 6,
    "picture": 1,
    "map file": 1,
    "home": 4,
    "maps": 2,
    "picture of all": 1,
    "nearby": 2,
    "person": 3,
    "names": 2,
}
"""What is asked for how often."""
NAMELESS = (
    "/conditions/{slug}/feed.atom",
    "/conditions/{slug}/questions",
    "/conditions/{slug}/stories",
    "/conditions/{slug}/treatments",
    "/questions",
    "/sitemap.xml",
    "/how-we-count",
    "/readyz",
)
"""Pages that name nobody here."""
PATHS = {
    "map": "/conditions/{slug}/map",
    "map file": "/conditions/{slug}/map.html",
    "counts": "/api/v1/conditions/{slug}/counts?level={level}&under={area}",
    "condition": "/conditions/{slug}",
    "area": "/conditions/{slug}/areas/{code}",
    "people": "/conditions/{slug}/areas/{code}/people.json",
    "picture": "/conditions/{slug}/map.svg",
    "nearby": "/conditions/{slug}/nearby?area={area}",
    "person": "/members/{person}/connect?condition={slug}",
    "home": "/",
    "maps": "/conditions",
    "picture of all": "/map.svg",
}
OF_THE_SITE = {"home", "maps", "picture of all"}


class Looker:
    """Asks for pages with one browser, and has every answer judged.

    Args:
        browser: theirs.
        owner: their number as a person, 0 for a visitor.
    """

    def __init__(
        self,
        judge: Judge,
        watcher: Watcher,
        browser: HttpBrowser,
        chance: random.Random,
        owner: int = 0,
    ) -> None:
        self._judge, self._watcher, self._browser = judge, watcher, browser
        self._chance, self._owner = chance, owner
        self._kept: dict[str, tuple[str, str]] = {}
        self.is_paused = False

    def look(self, asked: Asked) -> None:
        """Ask, and have the answer judged.

        Raises:
            GoneError: if no answer came.
        """
        tag, text = self._kept.get(asked.path, ("", ""))
        tag = tag if self._chance.random() < 0.7 else ""
        reply = self._browser.ask(asked.path, tag=tag)
        if reply.status_code >= BAD:
            self._judge.count(f"answers with {reply.status_code}")
            self.is_paused = self.is_paused or reply.status_code == TOO_MUCH
            if reply.status_code >= FAILED:
                self._judge.find(f"{reply.status_code} for {asked.path}")
        if reply.status_code not in {200, NOT_MODIFIED}:
            return
        is_kept = reply.status_code == NOT_MODIFIED
        text = text if is_kept else reply.text
        if not is_kept:
            self._kept[asked.path] = (reply.headers.get("ETag", ""), text)
        self.is_paused = self.is_paused or PAUSE in text
        self._watcher.settle(reply.ended)
        said = ", not modified" if is_kept else ""
        self._judge.hear(Heard(asked, reply.begun, reply.ended, text, self._owner, said))
        told = reply.headers.get("Cache-Control", "")
        if names_in(text) and not {"private", "no-store"} & set(told.split(", ")):
            self._judge.find(f"{asked.path} names people, and a proxy may keep it: {told}")


def some_page(judge: Judge, places: Places, chance: random.Random) -> Asked:
    """Return what a visitor might ask for."""
    (kind,) = chance.choices(list(PAGES), list(PAGES.values()))
    slug = chance.choice(SLUGS)
    area = places.some_area(chance)
    level = chance.choice(("country", "region", "zone"))
    person = chance.choice(list(judge.by_id) or ["-"])
    path = PATHS.get(kind) or chance.choice(NAMELESS)
    if kind == "person" and person in judge.by_id:
        slug = judge.by_id[person].slug
    if kind == "counts":
        area = chance.choice((0, area))
    path = path.format(slug=slug, area=area, level=level, code=places.code(area), person=person)
    if kind in OF_THE_SITE:
        return Asked("picture" if kind == "picture of all" else kind, path)
    return Asked(kind, path, slug, area, level)


class Reader(threading.Thread):
    """One who reads all the time.

    Args:
        kind: "visitor", "member", or "listed": a member who is on one map.
    """

    def __init__(
        self, site: Site, judge: Judge, watcher: Watcher, places: Places, kind: str, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self._site, self._judge, self._watcher, self._places = site, judge, watcher, places
        self._kind, self._chance = kind, random.Random(seed)  # noqa: S311 no secret is drawn
        self._over = threading.Event()
        self._me: Person | None = None
        self._looker = self._new_looker(HttpBrowser(site.port, self._chance))

    def run(self) -> None:
        """Read until ``end`` is called."""
        while not self._over.is_set():
            begun = time.monotonic()
            try:
                self._once()
                # Who reads rests for about as long as it took, or writers would never have a turn.
                self._over.wait(self._chance.uniform(0, 2 * (time.monotonic() - begun)))
            except GoneError:
                self._judge.count("no answer")
                self._site.is_up.wait(5)
                self._over.wait(0.2)
            except LostError:
                self._me = None
            except Exception as error:  # a reader that ends in silence would find nothing
                self._judge.find(f"A reader failed: {error!r}")

    def _once(self) -> None:
        if self._kind != VISITOR and self._me is None:
            self._come()
        asked = some_page(self._judge, self._places, self._chance)
        self._looker.look(self._as_reader(asked))
        if self._looker.is_paused:
            self._come()

    def _as_reader(self, asked: Asked) -> Asked:
        if self._me is None:
            return asked
        reader = ON_MAP if asked.slug in self._me.maps else SIGNED_IN
        return Asked(asked.kind, asked.path, asked.slug, asked.area, asked.level, reader)

    def _come(self) -> None:
        """Come anew: as another visitor, or with another account; the last one is erased."""
        if self._kind == VISITOR:
            self._looker = self._new_looker(HttpBrowser(self._site.port, self._chance))
            return
        if self._me is not None:
            self._me.erase()
        self._me = None
        me = Person(self._site, self._judge, self._chance)
        me.sign_in()
        if self._kind == ON_MAP:
            slug, area = self._chance.choice(SLUGS), self._places.some_zone(self._chance)
            me.place(slug, Card(area, self._chance.choice(("map", "members")), me.some_name()))
        self._me, self._looker = me, self._new_looker(me.browser, me.owner)

    def _new_looker(self, browser: HttpBrowser, owner: int = 0) -> Looker:
        return Looker(self._judge, self._watcher, browser, self._chance, owner)

    def end(self) -> None:
        """Read no more."""
        self._over.set()
        self.join()
