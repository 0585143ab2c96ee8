"""The reader's own place on a map, for their eyes alone, and those of people they care for.

Others see a member with one of the next publications. The member sees the mark at once, in a page
that is made for them and kept by nobody.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.members.my_places import MyPlace, areas_cared_for
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.choices import VISIBILITY_LABELS
from mapapp.domain.core.visibilities import is_listed
from mapapp.maps.area_columns import columns
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id
from mapapp.web.published.presenters import area_words, number_words
from mapapp.web.published.publication_words import you_from_words


@dataclass(frozen=True)
class OwnMark:
    """A mark that one reader alone sees.

    Attributes:
        area_id: where it stands, on the point at which the map draws this area.
        waits: whether it is not published yet.
        cared_for: whether it is of people whom the reader cares for.
        label: a word or two on the map.
        title: whose it is and who sees it.
        notes: who else sees the person, and from when on.
    """

    area_id: int
    waits: bool
    cared_for: bool
    label: str
    title: str
    notes: tuple[str, ...]


def own_marks(condition_id: int, mine: MyPlace | None) -> tuple[OwnMark, ...]:
    """Return the marks of who reads this map; none for a visitor.

    Who is hidden, paused or only counted has none: nobody is to see them, over their shoulder too.

    Args:
        condition_id: whose map it is.
        mine: the reader's place on it.
    """
    member_id = current_member_id()
    if member_id is None:
        return ()
    areas = load_areas()
    is_shown = mine and is_listed(mine.visibility) and mine.area_version == areas.version
    me = [_of_me(mine)] if mine and is_shown else []
    return (*me, *_of_others(areas_cared_for(db.session, areas, member_id, condition_id)))


def mark_facts(marks: tuple[OwnMark, ...]) -> list[dict[str, Any]]:
    """Return the marks as the map's scripts read them: words, and the area's place in the tree."""
    areas = load_areas()
    found = columns(areas, np.array([mark.area_id for mark in marks], dtype=np.int64))
    return [
        {
            "id": mark.area_id,
            "level": int(areas.level[mark.area_id]),
            "parent": found["parents"][i],
            "lat": found["lat"][i],
            "lng": found["lng"][i],
            "waits": mark.waits,
            "cared_for": mark.cared_for,
            "label": mark.label,
            "title": mark.title,
            "area": area_words(mark.area_id),
            "notes": mark.notes,
        }
        for i, mark in enumerate(marks)
    ]


def _of_me(place: MyPlace) -> OwnMark:
    seen = _("Others see you in this area.") if place.due is None else you_from_words(place.due)
    who = _("Who sees you: %(who)s.", who=translated(VISIBILITY_LABELS[place.visibility]))
    waits, title = place.due is not None, str(_("You, for you alone"))
    return OwnMark(place.area_id, waits, False, str(_("You")), title, (str(seen), str(who)))


def _of_others(placed: tuple[int, ...]) -> Iterator[OwnMark]:
    for area_id, n in Counter(placed).items():
        title = ngettext(
            "Someone you care for, for you alone",
            "%(n)s people you care for, for you alone",
            n,
            n=number_words(n),
        )
        notes = (str(_("Nobody else sees them here.")),)
        yield OwnMark(area_id, False, True, str(_("In your care")), title, notes)
