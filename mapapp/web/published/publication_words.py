"""When the map changes, and from when on others see a member, in words."""

from datetime import UTC, date, datetime, time
from functools import lru_cache

from babel import Locale
from babel.dates import format_skeleton, format_time
from flask import Flask
from flask_babel import gettext as _

from mapapp.schedule import EACH_MINUTE, HOURLY, ONCE_A_DAY
from mapapp.web.core.locale import current_locale
from mapapp.web.core.security import site_settings


def init_publication_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        publication_words=publication_words,
        waits_for_publication=waits_for_publication,
        seen_from_words=seen_from_words,
    )


def publication_words() -> str:
    """Say how often the map changes."""
    when = site_settings().schedule
    if when.kind == ONCE_A_DAY:
        at = format_time(time(*divmod(when.offset // 60, 60)), "short", locale=current_locale())
        return str(_("The map changes once a day, at %(time)s (UTC).", time=at))
    if when.kind == HOURLY:
        return str(_("The map changes once an hour."))
    if when.kind == EACH_MINUTE:
        return str(
            _("This site is for trying out: its map changes every minute, a real one once a day.")
        )
    return str(_("On this site the map changes at once, so others can tell when you come or go."))


def waits_for_publication() -> bool:
    """Whether what members change waits before others see it."""
    return not site_settings().schedule.is_live


def seen_from_words(moment: int) -> str:
    """Say from when on others see a place that waits.

    Args:
        moment: of the publication (Unix seconds).
    """
    day, at = _day_or_time(moment)
    if day:
        return str(_("Others see this from %(day)s.", day=day))
    return str(_("Others see this from %(time)s (UTC).", time=at))


def you_from_words(moment: int) -> str:
    """Say from when on others see the member, beside the mark that the member alone sees."""
    day, at = _day_or_time(moment)
    if day:
        return str(_("Others see you in this area from %(day)s.", day=day))
    return str(_("Others see you in this area from %(time)s (UTC).", time=at))


def _day_or_time(moment: int) -> tuple[str, str]:
    """Return the day of a publication where there is one a day, else its time; '' for the other."""
    when = datetime.fromtimestamp(moment, UTC)
    if site_settings().schedule.kind == ONCE_A_DAY:
        return _day_words(when.date(), current_locale()), ""
    return "", format_time(when, "short", locale=current_locale())


@lru_cache(maxsize=100)  # of three days at a time, in each language
def _day_words(day: date, locale: Locale) -> str:
    return str(format_skeleton("EEEEMMMMd", day, locale=locale))
