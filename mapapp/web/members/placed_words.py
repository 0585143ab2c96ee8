"""What is said once somebody has chosen a place."""

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from mapapp.actions.members.place_set import Placement
from mapapp.domain.core.visibilities import COUNTED
from mapapp.web.published.presenters import area_words
from mapapp.web.published.publication_words import seen_from_words

SAME_NAME = lazy_gettext(
    "You have this pseudonym on another map, too. Whoever reads both maps can tell that it is you "
    "on both. The site never does this for you: choose another name to stay apart."
)


def say_placed(placed: Placement, due: int | None, *, same_name: bool) -> None:
    """Say on the next page what became of a place, and from when on others see it."""
    flash(_placed_words(placed, due), "warm")
    if same_name:
        flash(str(SAME_NAME))


def _placed_words(placed: Placement, due: int | None) -> str:
    if placed.visibility == COUNTED:
        return str(
            _(
                "You are registered, and nobody sees you. You will be included in a later "
                "release of numbers, rounded; the number you see now does not include you."
            )
        )
    area = area_words(placed.area_id)
    if due is None:
        return str(_("You are counted here: %(area)s.", area=area))
    return " ".join((str(_("You chose this place: %(area)s.", area=area)), seen_from_words(due)))
