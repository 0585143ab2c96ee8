"""Shaded maps that the server draws, with their legend and their ways."""

from dataclasses import dataclass

from flask import request, url_for

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import Totals
from mapapp.maps.choropleth import Choropleth, choropleth
from mapapp.maps.shading import BY_NUMBER, BY_RATE
from mapapp.web.atlas.map_views import shown_by
from mapapp.web.atlas.map_words import LegendLine, number_legend, rate_legend


@dataclass(frozen=True)
class ShadedMap:
    """What ``statistics/shaded_map.html`` shows.

    Attributes:
        drawn: the drawing.
        legend: its classes, nobody first; those with too few for a rate have a line of their own.
        by: what the shades show.
        people: how many there are in each area that has any, by its id.
        ways: the address of the same page for each thing that they can show, where there are two.
    """

    drawn: Choropleth
    legend: list[LegendLine]
    by: str
    people: dict[int, int]
    ways: dict[str, str]


def shaded_map(numbers: Totals, under: int) -> ShadedMap | None:
    """Return the map of the parts of an area, as the address asks for; None where it has no parts.

    Raises:
        BadInputError: when it asks for something else.
    """
    by = shown_by()
    drawn = choropleth(load_areas(), numbers, under, by, shapes_version())
    if by == BY_RATE and drawn and not drawn.has_rates:
        by = BY_NUMBER
        drawn = choropleth(load_areas(), numbers, under, by, shapes_version())
    if drawn is None:
        return None
    legend = number_legend(drawn.scale)
    if by == BY_RATE:
        legend = [legend[0], *rate_legend(drawn.scale)[1:]]
    here = url_for(request.endpoint or "", **(request.view_args or {}))
    ways = {BY_NUMBER: here, BY_RATE: f"{here}?by={BY_RATE}"} if drawn.has_rates else {}
    areas = [shape.area for shape in drawn.shapes if shape.area is not None]
    people = {area: int(numbers.by_area[area]) for area in areas}
    return ShadedMap(drawn, legend, by, people, ways)
