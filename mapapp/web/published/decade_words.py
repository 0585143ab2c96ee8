"""Decades of birth and of diagnosis, in words."""

from flask import Flask
from flask_babel import gettext as _

from mapapp.actions.published.card_lists import Listing
from mapapp.domain.published.decades import DECADE, around


def init_decade_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        about_my_age=about_my_age,
        about_your_age=about_your_age,
        birth_words=birth_words,
        decade_words=decade_words,
        diagnosis_words=diagnosis_words,
    )


def birth_words(decade: int) -> str:
    """Say in which decade somebody was born."""
    return str(_("Born in the %(decade)ss", decade=decade))


def diagnosis_words(decade: int) -> str:
    """Say in which decade the diagnosis was: theirs, or of the person they are here for."""
    return str(_("Diagnosis in the %(decade)ss", decade=decade))


def decade_words(listing: Listing) -> tuple[str, ...]:
    """Return the decades that a card shows to people on its map, in words."""
    birth, diagnosis = listing.birth_decade, listing.diagnosis_decade
    found = () if birth is None else (birth_words(birth),)
    return found if diagnosis is None else (*found, diagnosis_words(diagnosis))


def about_my_age(decade: int) -> str:
    """Say when people of about the age of somebody born in ``decade`` were born."""
    return str(_("Born %(first)s to %(last)s", **_years(decade)))


def about_your_age(decade: int) -> str:
    """Say that a list has people of about the age of somebody born in ``decade``."""
    return str(_("People of about your age: born %(first)s to %(last)s.", **_years(decade)))


def _years(decade: int) -> dict[str, int]:
    first, *_between, last = around(decade)
    return {"first": first, "last": last + DECADE - 1}
