"""Areas with the numbers of a condition, as GeoJSON. Only those of one page are ever read."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from flask_babel import gettext as _

from mapapp.actions.statistics.counted_areas import CountedAreas, inside_country, level_ids
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import Ints
from mapapp.errors import N_, NotFoundError
from mapapp.first_use import OnFirstUse
from mapapp.web.open_data.ogc_answers import GEOJSON, Link, link
from mapapp.web.open_data.ogc_documents import both, itself
from mapapp.web.open_data.ogc_questions import LEVEL_OF, ItemsAsked

if TYPE_CHECKING:
    from mapapp.actions.statistics import area_outlines
else:
    area_outlines = OnFirstUse("mapapp.actions.statistics.area_outlines")


@dataclass(frozen=True)
class Place:
    """A collection of the service: its name in addresses, and the numbers of its areas."""

    collection: str
    counted: CountedAreas

    @property
    def level(self) -> str:
        """The level of its areas."""
        return LEVEL_OF[self.collection]


def one_page(place: Place, asked: ItemsAsked) -> bytes:
    """Return a page of features."""
    matching = _matching(place.level, asked)
    ids = matching[asked.offset : asked.offset + asked.limit]
    features = _features(place, ids)
    head = {
        "type": "FeatureCollection",
        "links": _links(asked, len(matching)),
        "numberMatched": len(matching),
        "numberReturned": len(ids),
    }
    inside = ",\n".join(features)
    return f'{_text(head)[:-1]},"features":[\n{inside}\n]}}\n'.encode()


def one_feature(place: Place, area_id: int) -> bytes:
    """Return one area.

    Raises:
        NotFoundError: when there is none of that id in the collection.
    """
    ids = level_ids(place.level)
    if area_id not in ids:
        raise NotFoundError(N_("There is no area with this number in this collection."))
    [feature] = _features(place, np.array([area_id]))
    links = [
        *itself("ogc.show_item", GEOJSON),
        *both("collection", _("The collection"), "ogc.show_collection"),
    ]
    return f'{feature[:-1]},"links":{_text(links)}}}\n'.encode()


def _matching(level: str, asked: ItemsAsked) -> Ints:
    box = asked.box
    ids = area_outlines.areas_meeting(level, box, shapes_version()) if box else level_ids(level)
    return inside_country(ids, asked.country) if asked.country else ids


def _features(place: Place, ids: Ints) -> list[str]:
    outlines = area_outlines.geojson_of(place.level, ids)
    columns = place.counted.columns(place.level, ids)
    rows = zip(*columns.values(), strict=True)
    return [
        f'{{"type":"Feature","id":{area},"geometry":{outline},'
        f'"properties":{_text(dict(zip(columns, row, strict=True)))}}}'
        for area, outline, row in zip(ids.tolist(), outlines, rows, strict=True)
    ]


def page_links(asked: ItemsAsked, matching: int, media_type: str) -> list[Link]:
    """Return the links to the previous and the next page, as far as there are any.

    A program follows whatever is called next, so a document links to its own kind alone.
    """
    spots = {"prev": asked.offset - asked.limit, "next": asked.offset + asked.limit}
    titles = {"prev": _("Previous page"), "next": _("Next page")}
    there = {"prev": asked.offset > 0, "next": spots["next"] < matching}
    given = {**asked.given, "limit": str(asked.limit)}
    given.pop("offset", None)
    return [
        link(rel, media_type, titles[rel], "ogc.list_items", **given, offset=str(max(0, spot)))
        for rel, spot in spots.items()
        if there[rel]
    ]


def _links(asked: ItemsAsked, matching: int) -> list[Link]:
    return [
        *itself("ogc.list_items", GEOJSON, **asked.given),
        *page_links(asked, matching, GEOJSON),
        *both("collection", _("The collection"), "ogc.show_collection"),
    ]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
