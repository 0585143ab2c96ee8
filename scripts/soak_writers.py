"""The lives of those who write: they come, act for a while, look whether it holds, and leave."""

import random
import threading
from collections.abc import Callable

from compare_browser import NotThereError
from soak_history import VISITOR, WIDTH, Card, History, takes_away
from soak_http import GoneError, HttpBrowser
from soak_judge import Judge
from soak_pages import Asked
from soak_people import LostError, Person
from soak_places import SLUGS, Places
from soak_publish import Watcher
from soak_readers import PATHS, Looker
from soak_site import Site

ACTS = {
    "show to others": 6,
    "move": 3,
    "take a larger area": 2,
    "take another name": 2,
    "hide": 3,
    "pause": 1,
    "leave": 1,
    "block": 2,
}
"""What they do how often."""
LIFE = (6, 16)
"""Acts until somebody erases the account."""
RESTS = (0.0, 0.8)  # seconds


class Writer(threading.Thread):
    """One person after the other, each with a life of some acts."""

    def __init__(
        self, site: Site, judge: Judge, watcher: Watcher, places: Places, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self._site, self._judge, self._watcher, self._places = site, judge, watcher, places
        self._chance = random.Random(seed)  # noqa: S311 no secret is drawn
        self._over = threading.Event()
        self._doing: dict[str, Callable[[Person, str], None]] = {
            "show to others": self._show,
            "move": self._move,
            "take a larger area": self._take_larger,
            "take another name": self._rename,
            "hide": lambda me, _slug: me.hide(),
            "pause": lambda me, _slug: me.pause(),
            "leave": self._leave,
            "block": self._block,
        }

    def run(self) -> None:
        """Live until ``end`` is called; the last person stays."""
        while not self._over.is_set():
            try:
                self._live()
            except (GoneError, LostError, NotThereError) as error:
                self._judge.count(f"lives cut short: {type(error).__name__}")
                self._site.is_up.wait(5)
                self._over.wait(0.3)
            except Exception as error:  # a writer that ends in silence would find nothing
                self._judge.find(f"A writer failed: {error!r}")

    def _live(self) -> None:
        me = Person(self._site, self._judge, self._chance)
        me.sign_in()
        for slug in self._chance.sample(SLUGS, self._chance.choice((1, 1, 2))):
            me.place(slug, self._some_card(me))
        for _ in range(self._chance.randint(*LIFE)):
            if self._over.wait(self._chance.uniform(*RESTS)):
                return
            self._act(me)
        self._then_look(me, me.erase)

    def _act(self, me: Person) -> None:
        if not me.maps:
            me.place(self._chance.choice(SLUGS), self._some_card(me))
            return
        (what,) = self._chance.choices(list(ACTS), list(ACTS.values()))
        slug = self._chance.choice(list(me.maps))
        self._then_look(me, lambda: self._doing[what](me, slug))

    def _then_look(self, me: Person, act: Callable[[], object]) -> None:
        """Act, and if something went with it, read as a visitor where it stood."""
        before = {slug: history.now for slug, history in me.maps.items()}
        records = dict(me.maps)
        act()
        for slug, card in before.items():
            if card and takes_away(card, records[slug].now, self._judge.parent):
                visitor = HttpBrowser(self._site.port, self._chance)
                looker = Looker(self._judge, self._watcher, visitor, self._chance)
                for kind in ("people", "area"):
                    code = self._places.code(card.area)
                    path = PATHS[kind].format(slug=slug, code=code)
                    looker.look(Asked(kind, path, slug, card.area, reader=VISITOR))
                visitor.close()

    def _some_card(self, me: Person) -> Card:
        audience = self._chance.choice(WIDTH)
        return Card(self._places.some_zone(self._chance), audience, me.some_name())

    def _card(self, me: Person, slug: str) -> Card:
        """Return what others read of somebody, or a new card for whom they read nothing of."""
        return me.maps[slug].now or self._some_card(me)

    def _show(self, me: Person, slug: str) -> None:
        me.show_to(slug, self._chance.choice((*WIDTH, "counted")))

    def _move(self, me: Person, slug: str) -> None:
        card = self._card(me, slug)
        me.place(slug, Card(self._places.some_zone(self._chance), card.audience, card.name))

    def _take_larger(self, me: Person, slug: str) -> None:
        card = self._card(me, slug)
        above = self._places.above(card.area)
        if above:
            me.place(slug, Card(above[0], card.audience, card.name))

    def _rename(self, me: Person, slug: str) -> None:
        card = self._card(me, slug)
        me.place(slug, Card(card.area, card.audience, me.some_name()))

    def _leave(self, me: Person, slug: str) -> None:
        if me.leave(slug) and self._chance.random() < 0.6:
            me.place(slug, self._some_card(me))

    def _block(self, me: Person, slug: str) -> None:
        others = [one for one in self._judge.by_id.values() if self._can_meet(me, one, slug)]
        if others:
            me.block(self._chance.choice(others))

    def _can_meet(self, me: Person, other: History, slug: str) -> bool:
        return other.slug == slug and other.now is not None and other.owner != me.owner

    def end(self) -> None:
        """Write no more."""
        self._over.set()
        self.join()
