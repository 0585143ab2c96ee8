"""The numbers of one publication, as they were read from the database right after its flip."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

from soak_history import NAMED_TO, VISITOR, WIDTH, Flip

from mapapp.domain.areas.area_tree import LEVELS, Areas

Placed = Mapping[int, tuple[int, int, int]]
"""By area: how many chose exactly this one, for each audience from the widest to the narrowest."""
Claim = tuple[Hashable, ...]
"""What a page says: of what it is a number, and at the end the number."""
SITE = ""
"""Instead of the slug of a map: all maps together."""


@dataclass(frozen=True)
class Listed:
    """A map, as lists of maps show it."""

    slug: str
    name: str
    people: int
    joined: int


@dataclass(frozen=True)
class Publication:
    """What the public side said while one publication stood.

    Attributes:
        flip: when.
        placed: by slug, and for all maps together under ``SITE``.
        listed: the maps with people.
        areas: the area tree.
    """

    flip: Flip
    placed: Mapping[str, Placed]
    listed: tuple[Listed, ...]
    areas: Areas

    def says(self, claim: Claim) -> bool:
        """Whether this is what the publication says."""
        *what, told = claim
        return bool(self.value(*what) == told)

    def value(self, kind: Hashable, *of: Hashable) -> Hashable:
        """Return a number of the publication: of which kind, and of what."""
        return getattr(self, f"_{kind}")(*of)  # type: ignore[no-any-return]

    @cached_property
    def _sums(self) -> dict[str, Counter[int]]:
        return {slug: self._summed(placed, WIDTH) for slug, placed in self.placed.items()}

    def _summed(self, placed: Placed, audiences: tuple[str, ...]) -> Counter[int]:
        """Add people to their areas and all areas around, one by one: another way than the site's.

        Areas without anybody are left out.
        """
        found: Counter[int] = Counter()
        for area, numbers in placed.items():
            n = sum(numbers[WIDTH.index(one)] for one in audiences)
            around = area
            while n and around >= 0:
                found[around] += n
                around = int(self.areas.parent[around])
        return found

    def _of(self, slug: str) -> Counter[int]:
        return self._sums.get(slug, Counter())

    def _people(self, slug: str, area: int) -> int:
        return self._of(slug)[area]

    def _at_level(self, slug: str, level: str, under: int) -> frozenset[tuple[int, int]]:
        inside = self.areas.subtree(under)
        wanted = LEVELS.index(level)
        return frozenset(
            (area, n)
            for area, n in self._of(slug).items()
            if self.areas.level[area] == wanted and inside.start <= area < inside.stop
        )

    def _countries(self, slug: str) -> int:
        return len(self._at_level(slug, "country", 0))

    def _largest(self, slug: str, most: int) -> tuple[tuple[int, int], ...]:
        found = self._at_level(slug, "country", 0)
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:most])

    def _parts(self, slug: str, area: int) -> frozenset[tuple[int, int]]:
        found = self._of(slug)
        return frozenset((i, n) for i, n in found.items() if int(self.areas.parent[i]) == area)

    def _exactly(self, slug: str, area: int) -> int:
        return sum(self.placed.get(slug, {}).get(area, ()))

    def _unnamed(self, slug: str, area: int) -> int:
        """How many of an area are not named to visitors."""
        named = self._summed(self.placed.get(slug, {}), NAMED_TO[VISITOR])
        return self._people(slug, area) - named[area]

    def _joined(self, slug: str) -> int:
        return sum(one.joined for one in self.listed if one.slug == slug)

    def _most(self) -> tuple[tuple[str, int], ...]:
        found = sorted(self.listed, key=lambda one: (-one.people, one.name))
        return tuple((one.slug, one.people) for one in found)
