"""What pages say about the towns that were found for a name, and about the one that was chosen."""

from flask_babel import gettext as _

from mapapp.domain.areas.area_phrases import is_near_town
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.areas.zone_towns import has_town
from mapapp.domain.core.folding import fold
from mapapp.web.areas.town_choices import TownAnswer
from mapapp.web.members.asked_place import asked_for
from mapapp.web.published.presenters import area_name

TOWN_CALLED = "called"
"""The argument of a veiled address that holds the name of the town that was chosen."""


def no_town_words() -> str:
    """Say what to do where the field for a town is empty."""
    return str(_("Type a town."))


def field_error(asked: bool, typed: str, towns: TownAnswer) -> str:
    """Return what is wrong with the field for a town, '' for nothing.

    Args:
        asked: whether the field was sent.
        typed: what it held.
        towns: what that may mean.
    """
    if asked and not typed:
        return no_town_words()
    if typed and not towns.matching:
        return str(
            _(
                "We do not know a town called “%(name)s”. Check the spelling, or try a larger "
                "town nearby.",
                name=typed,
            )
        )
    return ""


def which_words(typed: str, towns: TownAnswer) -> str:
    """Return the question over several towns, '' where there are none to choose from."""
    if not towns.matching:
        return ""
    name = fold(typed.partition(",")[0])
    called = [c for c in towns.matching if name in {fold(c.name), fold(c.also)}]
    if len(called) > 1 and not towns.meant:
        return str(
            _("There are several places called “%(name)s”. Which one do you mean?", name=typed)
        )
    if len(towns.matching) > 1:
        return str(_("Which of these do you mean?"))
    return str(_("Is this the place you mean?"))


def belongs_words(area_id: int | None) -> str:
    """Say to which area the town belongs that was chosen, '' where the area has its name.

    Only names of towns that lie there are repeated: the address could be anybody's.
    """
    town = asked_for().get(TOWN_CALLED, "")
    areas = load_areas()
    if not town or not area_id or areas.level[area_id] != ZONE or not has_town(area_id, town):
        return ""
    return belongs_sentence(area_id, town)


def belongs_sentence(area_id: int, town: str) -> str:
    """Say to which area ``town`` belongs, '' where the area has its name."""
    area = load_areas().get(area_id)
    if fold(town) == fold(area.name):
        return ""
    if is_near_town(area.name):
        return str(_("%(town)s belongs to the area %(name)s.", town=town, name=area_name(area)))
    return str(_("%(town)s belongs to the area around %(name)s.", town=town, name=area_name(area)))
