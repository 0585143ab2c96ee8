"""Where people of a run can be: few enough areas that they meet, in several countries."""

import random

from mapapp.domain.areas.area_tree import Areas

SLUGS = ("dystonia", "achondroplasia", "narcolepsy")
"""The maps of a run."""
COUNTRIES = ("GB", "NO", "DE", "JP", "BR", "KE")


class Places:
    """Two zones of one region of each country, one of another, and all areas around them."""

    def __init__(self, areas: Areas) -> None:
        self._areas = areas
        self.zones: list[int] = []
        for country in COUNTRIES:
            regions = [int(one) for one in areas.children(areas.by_code(country).id)]
            large = [one for one in regions if len(areas.children(one)) > 1]
            first, second = large[:2]
            self.zones += [int(one) for one in areas.children(first)[:2]]
            self.zones.append(int(areas.children(second)[0]))
        around = {one for zone in self.zones for one in self.above(zone)}
        self.all = [*self.zones, *sorted(around), 0]

    def above(self, area: int) -> list[int]:
        """Return the region and the country around a zone, or the country around a region."""
        found = []
        while (area := int(self._areas.parent[area])) > 0:
            found.append(area)
        return found

    def some_zone(self, chance: random.Random) -> int:
        """Return a zone."""
        return chance.choice(self.zones)

    def some_area(self, chance: random.Random) -> int:
        """Return an area of any level."""
        return chance.choice(self.all)

    def code(self, area: int) -> str:
        """Return what stands for an area in an address."""
        return str(self._areas.code[area])
