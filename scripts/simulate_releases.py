"""What releases are good for, simulated: which share of their numbers is shown, and how exact.

    .venv/bin/python scripts/simulate_releases.py

People are invented: they live where people live, one in ten is only counted, and what they say
follows the shares below. Nothing is read from a site. Prints the table of docs/privacy.md.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from statistics import median

from babel.languages import get_official_languages

from mapapp.domain.areas.area_tree import COUNTRY, load_areas
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.languages import language_codes
from mapapp.domain.published.decades import birth_decades, diagnosis_decades
from mapapp.domain.published.release_rules import (
    ALL_QUERIES,
    FEWEST_IN_COUNTRY,
    FEWEST_ON_MAP,
    FEWEST_RESIDENTS,
    FULL_BUDGET,
    Attribute,
    Level,
    Query,
    cell,
    kept,
    shown_from,
)
from mapapp.domain.statistics.noise import with_noise

SIZES = (50, 659, 10_000, 1_000_000)
RUNS = 20  # of each size but the largest, whose numbers vary little
HIDDEN = 0.1
ROLE_SHARES = (66, 14, 10, 4, 3, 3)
TREATMENTS = 12
TRY = 0.5  # of the people say what they tried; two to three things each
WENT = {"better": 5, "same": 3, "worse": 1}
SIDE_EFFECTS = 0.3
YEAR = 2026
HARDLY = 0.06
AREAS = load_areas()
COUNTRIES = (AREAS.level == COUNTRY).nonzero()[0]
RESIDENTS = AREAS.population[COUNTRIES].tolist()
CODES = [str(code) for code in AREAS.code[COUNTRIES]]
LARGE = {c for c, n in zip(CODES, RESIDENTS, strict=True) if n >= FEWEST_RESIDENTS}


def main() -> None:
    """Print the table."""
    print("| question | " + " | ".join(f"{size:,} people" for size in SIZES) + " |")
    print("|---|" + "---|" * len(SIZES))
    found = {size: _simulated(size) for size in SIZES}
    for query in ALL_QUERIES:
        print(f"| {query.key} | " + " | ".join(found[size][query] for size in SIZES) + " |")


def _simulated(size: int) -> dict[Query, str]:
    runs = 1 if size == SIZES[-1] else RUNS
    numbers: dict[Query, list[tuple[int, int | None]]] = {query: [] for query in ALL_QUERIES}
    for run in range(runs):
        chance = random.Random(f"{size} {run}")  # noqa: S311 - invented people, the same each time
        for query in ALL_QUERIES:
            numbers[query] += _answer(chance, query, size)
    return {query: _told(pairs) for query, pairs in numbers.items()}


def _answer(chance: random.Random, query: Query, size: int) -> list[tuple[int, int | None]]:
    """Return for each cell with anybody in it the true number, and the one shown."""
    hidden = query.attribute == Attribute.PEOPLE
    people = round(size * (HIDDEN if hidden else 1))
    if not hidden and people < FEWEST_ON_MAP:
        return []
    homes = Counter(chance.choices(CODES, RESIDENTS, k=people))
    places = [""] if query.level == Level.WORLD else sorted(LARGE)
    if query.level == Level.COUNTRY and not hidden:
        places = [place for place in places if homes[place] >= FEWEST_IN_COUNTRY]
    true = {cell(place, value): 0 for place in places for value in _values(query.attribute)}
    for home, n in homes.items():
        place = "" if query.level == Level.WORLD else home
        if place in places:
            true_here = Counter(cell(place, value) for value in _said(chance, query, home, n))
            for name, count in true_here.items():
                true[name] += count
    scale = query.scale(FULL_BUDGET)
    shown = kept(query, with_noise(true, scale), shown_from(scale, len(true)))
    return [(n, shown.get(name)) for name, n in true.items() if n]


def _values(attribute: Attribute) -> Iterable[str]:
    names = range(TREATMENTS)
    return {
        Attribute.PEOPLE: [""],
        Attribute.ROLE: ROLES,
        Attribute.LANGUAGE: language_codes(),
        Attribute.BIRTH: map(str, birth_decades(YEAR)),
        Attribute.DIAGNOSIS: map(str, diagnosis_decades(YEAR)),
        Attribute.OUTCOME: [f"{name}:{went}" for name in names for went in WENT],
        Attribute.EFFECTS: map(str, names),
    }[attribute]


def _said(chance: random.Random, query: Query, home: str, people: int) -> Iterator[str]:
    for _person in range(people):
        match query.attribute:
            case Attribute.PEOPLE:
                yield ""
            case Attribute.ROLE:
                yield chance.choices(list(ROLES), ROLE_SHARES)[0]
            case Attribute.LANGUAGE:
                yield from _spoken(home)[: 1 + (chance.random() < 0.3)]
            case Attribute.BIRTH:
                yield _decade(chance.gauss(YEAR - 48, 15), birth_decades(YEAR))
            case Attribute.DIAGNOSIS:
                yield _decade(YEAR - chance.expovariate(1 / 9), diagnosis_decades(YEAR))
            case _ if chance.random() < TRY:
                yield from _tried(chance, query.attribute)


def _spoken(home: str) -> tuple[str, ...]:
    known = [tag for tag in get_official_languages(home) if tag in language_codes()]
    return (*known, "en") if known else ("en",)


def _decade(year: float, choices: tuple[int, ...]) -> str:
    return str(min(choices, key=lambda decade: abs(decade + 5 - year)))


def _tried(chance: random.Random, attribute: Attribute) -> Iterator[str]:
    shares = [1 / (rank + 1) for rank in range(TREATMENTS)]
    for name in dict.fromkeys(chance.choices(range(TREATMENTS), shares, k=chance.randint(2, 3))):
        if attribute == Attribute.OUTCOME:
            yield f"{name}:{chance.choices(list(WENT), WENT.values())[0]}"
        elif chance.random() < SIDE_EFFECTS:
            yield str(name)


def _told(pairs: list[tuple[int, int | None]]) -> str:
    if not pairs:
        return "not asked"
    errors = [abs(shown - true) / true for true, shown in pairs if shown is not None]
    share = len(errors) / len(pairs)
    if share < HARDLY:  # mostly chance: their errors say nothing
        return "hardly any"
    return f"{share:.0%}, error {median(errors):.1%}"


if __name__ == "__main__":
    main()
