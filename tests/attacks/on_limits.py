"""Attacks on limits: collecting the profiles of everybody on a map, in one day.

Each attacker asks on all pages that name people, in any order and many at once, and writes the
address of their network in as many ways as there are.
"""

import random
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from unittest.mock import patch

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.safety import reading_limits
from mapapp.store.members import Member
from tests.attacks.duel import Attack, Outcome
from tests.attacks.many_maps import ManyMaps
from tests.attacks.target import Target
from tests.places import zones_of

PROMISED = reading_limits.MOST_PEOPLE
"""How many people a reader may see in a day."""
PROFILES, IN_ZONE = 2_000, 20
ZONES = zones_of("GB-ENG")[1 : 1 + PROFILES // IN_ZONE]
LOOKED_AT = 12
"""Zones, of each way to ask: more people than are promised."""
AT_ONCE = 8
PROFILE = re.compile(r"Person \d+")
SEED = 14
_networks = count(1)

Addresses = Callable[[int], str]


@dataclass(frozen=True)
class Scraper:
    """Somebody who collects: by network, and signed in as a member or not."""

    target: Target
    slug: str
    chance: random.Random

    def collected(self, address: Addresses, member: Member | None = None) -> set[str]:
        """Return whom they have seen; ``address`` writes their network in some way or other."""
        ways = self._ways()
        self.chance.shuffle(ways)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            told = threads.map(lambda n: self._ask(address(n), member, *ways[n]), range(len(ways)))
            seen = {name for text in told for name in PROFILE.findall(text)}
        return seen

    def _ways(self) -> list[tuple[str, dict[str, object], dict[str, str]]]:
        here, code = f"/conditions/{self.slug}", load_areas().code
        zones = self.chance.sample(ZONES, LOOKED_AT)
        pages = [f"{here}/areas/{code[zone]}" for zone in zones]
        more: list[tuple[str, dict[str, object], dict[str, str]]] = [
            (page, {}, self.chance.choice(HEADERS)) for page in pages
        ]
        more += [(f"{page}/people.json", {}, {}) for page in pages[::3]]
        more += [(f"{here}/areas/{name}", {}, {}) for name in ("world", "GB", "GB-ENG")]
        more += [(f"{here}/nearby?area={zone}", {}, {}) for zone in zones[:3]]
        more += [(f"{here}/nearby", {"town": "Leeds"}, {})]
        return more

    def _ask(
        self, network: str, member: Member | None, path: str, form: object, headers: dict[str, str]
    ) -> str:
        browser = self.target.visitor(network, member)
        if not isinstance(form, dict) or not form:
            return browser.get(path, **headers).text
        return browser.get(browser.post(path, form).location or path).text


HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"accept_language": "de"},
    {"if_none_match": '"anything"'},
    {"range": "bytes=0-100000"},
    {"cookie": "session=nobody"},
    {"x_real_ip": "203.0.113.9", "forwarded": "for=203.0.113.9"},
)
"""With some of them an answer is a finished one, with others it is made anew."""


def how_many_profiles(target: Target, trials: int) -> Outcome:
    """Attack 14: whoever collects profiles all day sees no more than is promised."""
    chance = random.Random(SEED)
    maps = ManyMaps(target.session, chance)
    maps.add(1)
    (condition,) = maps.conditions
    for number, zone in enumerate(ZONES):
        maps.people(condition, IN_ZONE, ("public", "members")[number % 2], area_id=zone)
    readers = [target.session.get_one(Member, i) for i in maps.people(condition, trials, "counted")]
    maps.publish()
    scraper = Scraper(target, condition.slug, chance)
    most, right = {"one network": 0, "a member": 0, "four networks": 0}, 0
    for number, reader in enumerate(readers):
        kind = list(most)[number % len(most)]
        n = len(_collected(scraper, kind, reader))
        most[kind] = max(most[kind], n)
        right += n > PROMISED * (4 if kind == "four networks" else 1)
    note = ", ".join(f"{kind}: {n}" for kind, n in most.items())
    return Outcome(trials, right, guessing=0, note=f"profiles of {PROFILES:,} seen, {note}")


def _collected(scraper: Scraper, kind: str, reader: Member) -> set[str]:
    if kind == "a member":
        return scraper.collected(_new_network(), reader)
    if kind == "one network":
        return scraper.collected(_new_network())
    return set().union(*(scraper.collected(_new_network()) for _ in range(4)))


def _new_network() -> Addresses:
    """Return a function that writes a network that nobody had before: of IPv6, or of IPv4."""
    n = next(_networks)
    if n % 2:
        return lambda i: f"2001:db8:{n:x}:{i:x}::{i:x}"
    address = f"198.{18 + n // 65_536}.{n // 256 % 256}.{n % 256}"
    return lambda i: (address, f"::ffff:{address}", f"{address}:{40_000 + i}")[i % 3]


@contextmanager
def _unlimited() -> Iterator[None]:
    with patch.object(reading_limits, "MOST_PEOPLE", 10 * PROFILES):
        yield


ATTACKS = (Attack("14", "profiles collected in a day", how_many_profiles, _unlimited, 3, 60),)
