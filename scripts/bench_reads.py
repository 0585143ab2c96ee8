"""Measure what readers of one site wait for, in this process and warm.

python scripts/bench_reads.py FOLDER [--rounds 30] [--only nearby search] [--to FILE]

FOLDER is an instance folder that ``mapapp bench-site`` filled; MAPAPP_DATABASE_URL may name another
database. Sessions and counts of what was read are written into the site, and its publication gets
other numbers: give it a copy. ``scripts/bench --sites`` does.
"""

import argparse
import gc
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench_asks import Browsers, Environ, Told, figure, timed
from bench_goals import READS, Figure, Figures
from sqlalchemy import Engine, text

from mapapp.actions.members.nearby_search import nearby
from mapapp.actions.published.listings import People
from mapapp.app import create_app
from mapapp.settings import load_settings
from mapapp.store.database import make_engine, transaction

SLUG = "dystonia"
"""The condition with most people, as ``mapapp bench-site`` makes it."""
ZONES = f"/api/v1/conditions/{SLUG}/counts?level=zone"
MAP = f"/conditions/{SLUG}/map"
AREAS = f"/conditions/{SLUG}/areas"
NEAR = f"/conditions/{SLUG}/nearby"
KEPT_ROUNDS = 100
"""So many times as often what takes microseconds is asked for."""
WARM = 3
TYPED = ("dystonia", "parkinsn", "mus", "cystic fibrosis", "blepharospasm", "q20")
FLIPPED = (
    "UPDATE condition SET version = version + 1 WHERE slug = :slug",
    "UPDATE site_fact SET value = CAST(CAST(value AS INTEGER) + 1 AS VARCHAR(20))"
    " WHERE key = 'publication' AND :slug <> ''",
)
"""What every publication does at its end that changes the numbers of this map."""
SOME_MEMBERS = """
    SELECT member.id, member.session_handle FROM member
    JOIN membership ON membership.member_id = member.id
    JOIN condition ON condition.id = membership.condition_id
    WHERE condition.slug = :slug AND membership.visibility <> 'counted' ORDER BY member.id LIMIT :n
"""


class Site:
    """A site that is measured.

    Attributes:
        rounds: how often each thing is done.
        places: zones with people, drawn by where people are; one is fixed, ``zone``.
    """

    def __init__(self, folder: Path, rounds: int) -> None:
        settings = load_settings(instance=folder, publish="daily@04:00")
        self.rounds = rounds
        self.engine: Engine = make_engine(settings.sqlalchemy_url)
        self.browsers = Browsers(create_app(settings), settings.base_url)
        found = self.browsers.look_up(ZONES)
        dice = random.Random(7)  # noqa: S311 - the same places each time
        self.places: list[int] = dice.choices(found["ids"], found["counts"], k=max(rounds, 60))
        most = max(zip(found["counts"], found["ids"], strict=True))
        self.zone = str(self.browsers.look_up(f"/api/v1/areas/{most[1]}")["code"])
        self._members: Iterator[tuple[int, str]] = iter(self._some_members())

    def kept(self, path: str) -> Figure:
        """Measure an answer that is there already."""
        environ = self.browsers.visitor(path)
        return self._asked([environ] * (self.rounds * KEPT_ROUNDS))

    def not_changed(self, path: str) -> Figure:
        """Measure the answer to somebody who has it already."""
        tag = self._answer(self.browsers.visitor(path)).headers["etag"]
        environ = self.browsers.visitor(path, tag)
        return self._asked([environ] * (self.rounds * KEPT_ROUNDS), status=304)

    def first(self, path: str) -> Figure:
        """Measure the first answer after a publication that changed this map."""
        return self._asked([self.browsers.visitor(path)] * self.rounds, before=self._publish)

    def again(self, path: str) -> Figure:
        """Measure the answer to one visitor after the other, while nothing changes."""
        return self._asked([self.browsers.visitor(path) for _ in range(self.rounds + WARM)])

    def members(self, *paths: str) -> Figure:
        """Measure the answers to members of the map, each of them asking once."""
        return self._asked(
            [
                self.browsers.member(paths[at % len(paths)], self.browsers.signed_in(*who))
                for at, who in zip(range(self.rounds + WARM), self._members, strict=False)
            ]
        )

    def different(self, paths: list[str]) -> Figure:
        """Measure the answers to visitors who ask for different things."""
        return self._asked([self.browsers.visitor(path) for path in paths])

    def size(self, path: str) -> Figure:
        """Return the compressed bytes of an answer, in kB."""
        answer = self._answer(self.browsers.visitor(path))
        if answer.headers.get("content-encoding") != "br":
            raise RuntimeError(f"{path} was not compressed with br.")
        return {"median": len(answer.body) / 1000}

    def nearby(self, pages: int) -> Figure:
        """Measure the people near a zone, page after page."""
        condition_id = self._one("SELECT id FROM condition WHERE slug = :slug", slug=SLUG)[0]

        def _look(area_id: int) -> Callable[[], None]:
            def _pages() -> None:
                spot = None
                for _ in range(pages):
                    found = nearby(session, People(condition_id), area_id, spot)
                    spot = found.listed.next

            return _pages

        with transaction(self.engine, write=False) as session:
            for area_id in self.places[:WARM]:
                _look(area_id)()
            return figure(timed(_look(area_id) for area_id in self.places))

    def _asked(
        self,
        environs: list[Environ],
        *,
        status: int = 200,
        before: Callable[[], None] = lambda: None,
    ) -> Figure:
        """Send requests, the first ones without a watch."""
        for environ in environs[:WARM]:
            before()
            self._answer(environ, status)
        gc.collect()
        taken = []
        for environ in environs[WARM:] or environs:
            before()
            answer = self._answer(environ, status)
            taken.append((answer.wall, answer.cpu))
        return figure(taken)

    def _answer(self, environ: Environ, status: int = 200) -> Told:
        answer = self.browsers.ask(environ)
        if answer.status != status:
            raise RuntimeError(f"{environ['PATH_INFO']} answered {answer.status}")
        return answer

    def _publish(self) -> None:
        with transaction(self.engine) as session:
            for statement in FLIPPED:
                session.execute(text(statement), {"slug": SLUG})

    def _some_members(self) -> list[tuple[int, str]]:
        with transaction(self.engine, write=False) as session:
            wanted = {"slug": SLUG, "n": 12 * (self.rounds + WARM)}
            return [(row[0], row[1]) for row in session.execute(text(SOME_MEMBERS), wanted)]

    def _one(self, statement: str, **given: Any) -> Any:
        with transaction(self.engine, write=False) as session:
            return session.execute(text(statement), given).one()


def measures(site: Site) -> dict[str, Callable[[], Figure]]:
    """Return what measures each row of the table."""
    zones = f"{ZONES}&include=points"
    page, near = f"/conditions/{SLUG}", [f"{NEAR}?area={area_id}" for area_id in site.places]
    world, us, zone = f"{AREAS}/world", f"{AREAS}/US", f"{AREAS}/{site.zone}"
    typed = [f"/conditions?q={TYPED[n % len(TYPED)]}".replace(" ", "+") for n in range(site.rounds)]
    return {
        "map_kept": lambda: site.kept(MAP),
        "map_304": lambda: site.not_changed(MAP),
        "map_first": lambda: site.first(MAP),
        "map_bytes": lambda: site.size(MAP),
        "zones_kept": lambda: site.kept(zones),
        "zones_first": lambda: site.first(zones),
        "condition_kept": lambda: site.kept(page),
        "condition_first": lambda: site.first(page),
        "home_kept": lambda: site.kept("/"),
        "home_first": lambda: site.first("/"),
        "world_visitor": lambda: site.again(world),
        "world_first": lambda: site.first(world),
        "us_visitor": lambda: site.again(us),
        "us_first": lambda: site.first(us),
        "zone_visitor": lambda: site.again(zone),
        "zone_first": lambda: site.first(zone),
        "map_member": lambda: site.members(MAP),
        "condition_member": lambda: site.members(page),
        "home_member": lambda: site.members("/"),
        "world_member": lambda: site.members(world),
        "us_member": lambda: site.members(us),
        "zone_member": lambda: site.members(zone),
        "people_member": lambda: site.members(f"{world}/people.json"),
        "nearby": lambda: site.nearby(1),
        "nearby_60": lambda: site.nearby(3),
        "near_visitor": lambda: site.different(near),
        "near_member": lambda: site.members(*near),
        "search": lambda: site.different(typed),
        "readyz": lambda: site.again("/readyz"),
    }


def measure(folder: Path, rounds: int, only: list[str]) -> Figures:
    """Return the figures of a site, by the keys of ``bench_goals.READS``."""
    site = Site(folder, rounds)
    acts, found = measures(site), {}
    gc.collect()
    gc.freeze()  # as each process of the server does
    for row in READS:
        if only and row.key not in only:
            continue
        try:
            found[row.key] = acts[row.key]()
            say = f"{found[row.key]['median']:.3f} {row.unit}"
        except Exception as error:  # one that cannot be measured must not hide the others
            found[row.key], say = {"error": f"{type(error).__name__}: {error}"}, f"failed: {error}"
        print(f"  {row.words:60} {say}", file=sys.stderr, flush=True)
    site.engine.dispose()
    return found


def main() -> None:
    """Print the figures as JSON, or write them to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    words = json.dumps(measure(asked.folder, asked.rounds, asked.only), indent=1)
    if asked.to:
        asked.to.write_text(words, "utf-8")
    else:
        print(words)


if __name__ == "__main__":
    main()
