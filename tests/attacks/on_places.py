"""Attacks on places: by somebody who wants to know more of one than the area that is shown."""

import csv
import json
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mapapp.actions.core.context import Context
from mapapp.actions.operations.import_members import ImportFile, add_members
from mapapp.actions.operations.import_run import ImportRules
from mapapp.domain.areas import point_files
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.areas.distance import FARTHER, LIMITS_KM, bands_from
from mapapp.domain.areas.locate import latlngs_to_zones
from mapapp.store.conditions import Condition
from mapapp.web.members import member_forms
from tests.attacks.duel import Attack, Outcome
from tests.attacks.likeness import Scene, Stage, Visitors, done, tell_apart
from tests.attacks.many_maps import ManyMaps
from tests.attacks.taken_away import hidden_are_near
from tests.attacks.target import Reply, Target
from tests.forms import place_form
from tests.places import zones_of

SEED = 1
AREAS = load_areas()
CENTRES = 5
PROBES = 13
"""Places from which each hidden person is looked for: with 400 of them, more than 5,000 in all."""
PLACEMENTS, OWN_MAPS = 200, 8
NOTHING = 1e-9
"""Degrees: no more than what adding up numbers makes."""
NEIGHBOURS = 200
LEAD = re.compile(r'<p class="lead">([^<]*)</p>')
STEP = re.compile(r"([\d,]+)[^\d]*?(?:within ([\d,]+) km|(in this area)|(in the world))")


def where_in_an_area(target: Target, trials: int) -> Outcome:
    """Attack 1: who is shown in a region or a country, seen from zones all around it.

    They told the site their zone, and to show less. It is one of the two that lie farthest apart.
    """
    scene = Scene(("GB-SCT public", "US-TX map", "FR public"), _nothing, _comes, _look_around)
    return tell_apart(target, trials, scene, SEED)


def _nothing(_stage: Stage, _condition: Condition) -> None:
    """Wait: the map has its people."""


def _comes(stage: Stage, condition: Condition, is_first: bool) -> None:
    code, visibility = stage.kind.split()
    (member_id,) = stage.maps.people(condition, 1, "counted")
    stage.target.session.commit()
    form = place_form(
        area_id=_far_apart(code)[0 if is_first else 1],
        precision="region" if "-" in code else "country",
        visibility=visibility,
        adult="y",
    )
    done(stage.visitor(member_id).post(f"/conditions/{condition.slug}/place", form))


def _look_around(stage: Stage, condition: Condition) -> list[Reply]:
    reader = stage.player(condition, "")
    page = f"/conditions/{condition.slug}/nearby"
    both = _far_apart(stage.kind.split()[0])
    return [reader.get(f"{page}?area={centre}") for centre in _centres(both, CENTRES)]


@cache
def _far_apart(code: str) -> tuple[int, int]:
    """Return a zone of a region or country, and the zone in it that is farthest away."""
    zones = zones_of(code)
    return zones[0], max(zones[1:], key=lambda zone: int(bands_from(AREAS, zones[0])[zone]))


@cache
def _centres(both: tuple[int, int], n: int) -> tuple[int, ...]:
    """Return zones from which two areas are in different bands: themselves first, then around."""
    near, other = (bands_from(AREAS, one).astype(int) for one in both)
    apart = (AREAS.level == ZONE) & (np.abs(near - other) >= 2)
    closest = np.flatnonzero(apart)[np.argsort(np.minimum(near, other)[apart], kind="stable")]
    others = [int(zone) for zone in closest if zone not in both]
    return (*both, *others[: n - len(both)])


def where_the_hidden_are(target: Target, trials: int) -> Outcome:
    """Attack 2: numbers near 5,000 places, of which all that is published is taken off."""
    chance = random.Random(SEED + 1)
    maps = ManyMaps(target.session, chance)
    maps.add(1)
    (condition,) = maps.conditions
    zones = np.flatnonzero(AREAS.level == ZONE)
    for zone in chance.sample(zones.tolist(), NEIGHBOURS):
        maps.people(condition, 1, "public", area_id=zone)
    pairs = [_two_near(chance.choice(zones), chance) for _ in range(trials)]
    secrets = [chance.random() < 0.5 for _ in pairs]
    for pair, is_first in zip(pairs, secrets, strict=True):
        maps.people(condition, 1, "counted", area_id=pair[0 if is_first else 1])
    target.publish()
    readers = Visitors(target)
    listed = _listed(readers, condition)
    right = 0
    for pair, is_first in zip(pairs, secrets, strict=True):
        more = _more_near_first(readers, condition, pair, listed)
        right += (more > 0 if more else chance.random() < 0.5) == is_first
    return Outcome(trials, right)


def _two_near(zone: int, chance: random.Random) -> tuple[int, int]:
    """Return a zone and another one, 100 km away or the next that there is, in random order."""
    away = np.where(AREAS.level == ZONE, bands_from(AREAS, int(zone)), FARTHER + 1)
    farther = away[away >= 3].min()
    other = chance.choice(np.flatnonzero(away == farther).tolist())
    return (int(zone), other) if chance.random() < 0.5 else (other, int(zone))


def _listed(readers: Visitors, condition: Condition) -> NDArray[np.int64]:
    """Return how many are listed at each area, as anybody may download it."""
    path = f"/api/v1/conditions/{condition.slug}/counts?level=zone"
    told = json.loads(readers.visitor().get(path).body)
    numbers = np.zeros(len(AREAS), np.int64)
    numbers[told["ids"]] = told["counts"]
    return numbers


def _more_near_first(
    readers: Visitors, condition: Condition, pair: tuple[int, int], listed: NDArray[np.int64]
) -> int:
    """Return how many more there are near the first than near the second, but for listed people."""
    more, reader = 0, readers.visitor()
    for centre in _centres(pair, PROBES):
        bands = bands_from(AREAS, centre)
        page = reader.get(f"/conditions/{condition.slug}/nearby?area={centre}").text
        for band, n in _told(page):
            hidden = n - int(listed[bands <= band].sum())
            more += hidden * (int(bands[pair[0]] <= band) - int(bands[pair[1]] <= band))
    return more


def _told(page: str) -> Iterator[tuple[int, int]]:
    """Yield up to which band how many people are, as a page says."""
    lead = LEAD.search(page)
    for n, km, here, _world in STEP.findall(lead[1] if lead else ""):
        band = 0 if here else LIMITS_KM.index(_number(km)) + 1 if km else FARTHER
        yield band, _number(n)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def from_where_in_a_zone(target: Target, trials: int) -> Outcome:
    """Attack 3: 200 placements from the north of a zone or from its south, and their average.

    Half of them are of one and the same point. They come in files of another map, for that is
    where the server itself is given points.
    """
    chance = random.Random(SEED + 2)
    maps = ManyMaps(target.session, chance)
    zones = ["GB-SCT", "DE-BY"]
    own = OWN_MAPS * len(zones)
    maps.add(own + trials)
    for at, condition in enumerate(maps.conditions):
        north = at < own // 2 if at < own else maps.secrets[condition.id]
        maps.secrets[condition.id] = north
        _import(target, condition, _points(zones[at % len(zones)], chance, north=north))
    target.publish()
    readers = Visitors(target)
    means = np.array([_mean_latitude(readers, condition) for condition in maps.conditions])
    right = 0
    for at in range(own, len(means)):
        above = float(means[at] - means[at % len(zones) : own : len(zones)].mean())
        guess = above > 0 if abs(above) > NOTHING else chance.random() < 0.5
        right += guess == maps.secrets[maps.conditions[at].id]
    return Outcome(trials, right)


@cache
def _half(code: str, north: bool) -> list[tuple[float, float]]:
    """Return points all over one half of the zone in which a region's largest town lies."""
    middle = AREAS.get(zones_of(code)[0])
    steps = np.linspace(-0.5, 0.5, 100)
    lats, lngs = (one.ravel() for one in np.meshgrid(middle.lat + steps, middle.lng + 2 * steps))
    inside = latlngs_to_zones(lats, lngs) == middle.id
    lats, lngs = lats[inside], lngs[inside]
    here = (lats > np.median(lats)) == north
    return list(zip(lats[here].tolist(), lngs[here].tolist(), strict=True))


def _points(code: str, chance: random.Random, *, north: bool) -> Sequence[tuple[float, float]]:
    half = _half(code, north)
    again, others = chance.choice(half), chance.choices(half, k=PLACEMENTS // 2)
    return [*[again] * (PLACEMENTS - len(others)), *others]


def _import(target: Target, condition: Condition, points: Sequence[tuple[float, float]]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "lat", "lng", "visibility"))
        rows.writerows((n, lat, lng, "public") for n, (lat, lng) in enumerate(points))
        file.flush()
        read = ImportFile(point_files.read_points(Path(file.name)), "placements")
        added, why = add_members(
            Context(target.session, target.settings), condition.slug, read, ImportRules()
        )
    if added.added != PLACEMENTS:
        raise RuntimeError(f"The site did not import all: {why}")


def _mean_latitude(readers: Visitors, condition: Condition) -> float:
    """Return where the people of a map are on average, as far as the map tells."""
    path = f"/api/v1/conditions/{condition.slug}/counts?level=zone&include=points"
    told = json.loads(readers.visitor().get(path).body)
    # Of the people of ManyMaps nothing is asked: they are the same on each map.
    return float(np.average(told["lat"], weights=told["counts"]))


@contextmanager
def _shown_as_exactly_as_told() -> Iterator[None]:
    with patch.object(member_forms, "at_precision", lambda _areas, area_id, _precision: area_id):
        yield


@contextmanager
def _with_noise() -> Iterator[None]:
    """Let each point be moved at random before its zone is found, as many sites do."""
    chance = np.random.default_rng(SEED)

    def _moved(lats: ArrayLike, lngs: ArrayLike) -> NDArray[np.int32]:
        lat, lng = np.asarray(lats, float), np.asarray(lngs, float)
        moves = chance.normal(0, 0.1, (2, len(lat)))
        return latlngs_to_zones(lat + moves[0], lng + moves[1])

    with patch.object(point_files, "latlngs_to_zones", _moved):
        yield


ATTACKS = (
    Attack(
        "1",
        "where in a region or country, by moving the centre",
        where_in_an_area,
        _shown_as_exactly_as_told,
        short=12,
    ),
    Attack(
        "2",
        "where hidden people are, from 5,000 places",
        where_the_hidden_are,
        hidden_are_near,
        short=20,
    ),
    Attack(
        "3",
        "where in a zone, from 200 placements",
        from_where_in_a_zone,
        _with_noise,
        short=20,
    ),
)
