"""Which shade a country has on a condition's map, by what the map shows."""

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.published.counts import Totals, level_counts
from mapapp.domain.published.rates import rates_of
from mapapp.maps.palette import Scale, number_scale, rate_scale

BY_NUMBER, BY_RATE = "number", "rate"
"""What the shades can show: people, or people per million residents."""


def scales(areas: Areas, totals: Totals) -> dict[str, Scale]:
    """Return the two scales of a condition's map, by number and by rate, from its countries."""
    ids, counts = level_counts(areas, totals, "country")
    rates = rates_of(counts, told_residents(areas)[ids])
    most = int(counts.max()) if len(counts) else 1
    return {BY_NUMBER: number_scale(most), BY_RATE: rate_scale(rates)}


def country_shades(areas: Areas, totals: Totals, by: str, scale: Scale) -> dict[int, int]:
    """Return the shade of each country with people, by its area id.

    Args:
        areas: the area tree.
        totals: the condition's public numbers.
        by: as in ``scales``.
        scale: that one.
    """
    ids, counts = level_counts(areas, totals, "country")
    values = counts if by == BY_NUMBER else rates_of(counts, told_residents(areas)[ids])
    return {int(i): scale.shade(float(n)) for i, n in zip(ids, values, strict=True)}
