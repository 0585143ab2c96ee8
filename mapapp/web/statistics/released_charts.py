"""What people of a map say of themselves, as charts: nothing but the numbers of a release."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mapapp.actions.published.released import Released, released
from mapapp.domain.core.choices import ROLES
from mapapp.domain.published.decades import DECADE
from mapapp.domain.published.release_rules import Attribute, Level, place_and_value, query_of
from mapapp.errors import N_
from mapapp.web.core.locale import translated
from mapapp.web.published.presenters import language_words, role_words

TITLES = {
    Attribute.ROLE: (N_("Who they are"), N_("Role")),
    Attribute.LANGUAGE: (N_("Which languages they speak"), N_("Language")),
    Attribute.BIRTH: (N_("When they were born"), N_("Decade of birth")),
    Attribute.DIAGNOSIS: (N_("When they were diagnosed"), N_("Decade of diagnosis")),
}
"""The questions, in the order of the page: the title of the chart, and what its values are."""


@dataclass(frozen=True)
class Bar:
    """A value in words and its number; None for one that is too small to be shown."""

    words: str
    shown: int | None


@dataclass(frozen=True)
class Chart:
    """The answer to one question; it has no bars where nothing is shown.

    Attributes:
        key: its name on the page.
        column: what its values are.
    """

    key: str
    title: str
    column: str
    bars: list[Bar]
    answer: Released

    @property
    def longest(self) -> int:
        """The largest number shown."""
        return max(bar.shown or 0 for bar in self.bars)


def released_charts(session: Session, condition_id: int, country: str = "") -> list[Chart]:
    """Return a chart for each question that was answered for this map, or a country of it.

    Which countries were asked follows from what was published then, and is not kept: there are
    charts of a country where any of its numbers is shown.
    """
    level = Level.COUNTRY if country else Level.WORLD
    answers = {kind: released(session, condition_id, query_of(kind, level)) for kind in TITLES}
    charts = [_chart(kind, answer, country) for kind, answer in answers.items() if answer]
    return charts if not country or any(chart.bars for chart in charts) else []


def _chart(kind: Attribute, answer: Released, country: str) -> Chart:
    cells = ((*place_and_value(name), n) for name, n in answer.numbers.items())
    shown = {value: n for place, value, n in cells if place == country}
    title, column = map(translated, TITLES[kind])
    return Chart(str(kind), title, column, _bars(kind, shown) if shown else [], answer)


def _bars(kind: Attribute, shown: Mapping[str, int]) -> list[Bar]:
    """Return all roles; languages that are shown; decades from the first that is to the last."""
    if kind == Attribute.ROLE:
        return [Bar(role_words(role), shown.get(role)) for role in ROLES]
    if kind == Attribute.LANGUAGE:
        bars = [Bar(language_words([tag]), n) for tag, n in shown.items()]
        return sorted(bars, key=lambda bar: (-(bar.shown or 0), bar.words.casefold()))
    known = sorted(map(int, shown))
    decades = range(known[0], known[-1] + 1, DECADE)  # a gap is seen as one
    return [Bar(_decade_words(decade), shown.get(str(decade))) for decade in decades]


def _decade_words(decade: int) -> str:
    return str(_("%(first)s to %(last)s", first=decade, last=decade + DECADE - 1))
