"""How many people a map has: who is listed, exactly, and who is only counted, about.

Whatever shows numbers of people takes them from here: the first as they were published, the second
as they were released. They are never added to each other (privacy rules 3 and 7).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mapapp.actions.published.listed_totals import totals
from mapapp.actions.published.released import HiddenPeople, released_at_each
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.counts import Totals
from mapapp.domain.published.release_rules import Attribute, place_and_value


@dataclass(frozen=True)
class PeopleNumbers:
    """The people of one map.

    Attributes:
        listed: as of the last publication, in every area.
        only_counted: the estimates that are shown, by area: of the world (0) and of countries.
            An area that is missing has fewer than are shown, or is too small to be told.
    """

    listed: Totals
    only_counted: Mapping[int, HiddenPeople]


def people_numbers(session: Session, condition_id: int) -> PeopleNumbers:
    """Return how many people a map has, everywhere."""
    return PeopleNumbers(totals(session, condition_id), only_counted(session, condition_id))


def only_counted(session: Session, condition_id: int) -> dict[int, HiddenPeople]:
    """Return the estimates of who is only counted, by area; see ``PeopleNumbers``."""
    areas, found = load_areas(), dict[int, HiddenPeople]()
    for answer in released_at_each(session, condition_id, Attribute.PEOPLE).values():
        for name, number in answer.numbers.items():
            code, _value = place_and_value(name)
            area = areas.by_code(code).id if code else 0
            found[area] = HiddenPeople(number, answer.error, answer.epoch)
    return found
