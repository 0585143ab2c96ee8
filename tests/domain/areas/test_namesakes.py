"""Towns of one name: over the whole list, no two in different zones read the same."""

from collections import defaultdict

import numpy as np

from mapapp.domain.areas.gazetteer import Town, load_towns, search_towns
from mapapp.domain.areas.locate import latlngs_to_zones
from mapapp.domain.areas.namesakes import larger_neighbour
from mapapp.domain.areas.zone_towns import zone_of


def namesakes() -> list[list[Town]]:
    """Return the groups of towns of one name, division and country that lie in several zones."""
    towns = load_towns()
    zones = latlngs_to_zones(towns.lats, towns.lngs)
    groups: dict[tuple[str, str, str], list[tuple[int, Town]]] = defaultdict(list)
    for row in range(len(towns)):
        town = towns.town(row)
        groups[town.name.casefold(), town.division, town.country].append((int(zones[row]), town))
    return [
        [town for _, town in group]
        for group in groups.values()
        if len({zone for zone, _ in group}) > 1
    ]


def test_every_namesake_in_another_zone_has_a_neighbour_of_its_own() -> None:
    groups = namesakes()
    assert len(groups) > 400
    for group in groups:
        told: dict[int, set[int]] = {}
        for town in group:
            neighbour = larger_neighbour(town)
            assert neighbour, town
            assert neighbour.country == town.country
            told.setdefault(zone_of(town), set()).add(neighbour.id)
        assert all(len(ids) == 1 for ids in told.values()), group
        assert len({min(ids) for ids in told.values()}) == len(told), group


def test_neighbours_are_near() -> None:
    far = []
    for group in namesakes():
        for town in group:
            neighbour = larger_neighbour(town)
            assert neighbour
            north = np.radians(neighbour.lat - town.lat)
            east = np.radians(neighbour.lng - town.lng) * np.cos(np.radians(town.lat))
            if np.hypot(north, east) * 6371 > 300:
                far.append(town)
    assert not far


def test_most_towns_need_none() -> None:
    leeds = search_towns("Leeds")[0]
    assert larger_neighbour(leeds) is None


def test_the_two_ashfords() -> None:
    near = {t.name for ashford in search_towns("Ashford") if (t := larger_neighbour(ashford))}
    assert near == {"Folkestone", "Staines"}
