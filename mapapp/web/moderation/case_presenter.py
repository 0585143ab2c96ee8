"""Cases and decisions in the words and the language of the page."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import format_date, format_timedelta
from flask_babel import gettext as _

from mapapp.actions.safety.case_open import ALL_CATEGORIES
from mapapp.domain.core.choices import ALL_GREETINGS, REASONS, ROLE_LABELS, STAFF_ROLE_LABELS
from mapapp.domain.core.languages import language_name
from mapapp.domain.safety import case_words
from mapapp.domain.safety.case_rules import ACTS
from mapapp.domain.safety.reading_limits import AREAS, MOST_AREAS, MOST_COUNTED, MOST_PEOPLE, PEOPLE
from mapapp.errors import NO_WORDS, Words
from mapapp.web.core.locale import current_locale, translated
from mapapp.web.published.presenters import number_words

SHORT_NUMBER = 8
"""How many characters of a member's number the pages of the staff show."""
MOST_READ = {PEOPLE: MOST_PEOPLE, AREAS: MOST_AREAS}
CHOICES: dict[str, Mapping[str, Words]] = {
    "role": ROLE_LABELS,
    "reason": REASONS,
    "greeting": ALL_GREETINGS,
    "who": case_words.READER_WORDS,
    "grew": case_words.GROWTH_WORDS,
}


def init_case_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        act_words=lambda act: translated(ACTS[act]),
        act_hint=lambda act: translated(case_words.ACT_HINTS[act]),
        age_words=age_words,
        case_state_words=lambda state: translated(case_words.STATE_WORDS[state]),
        category_words=category_words,
        date_words=date_words,
        detail_words=detail_words,
        evidence_words=evidence_words,
        held_words=held_words,
        kind_words=lambda kind: translated(case_words.KIND_WORDS[kind]),
        outcome_words=lambda outcome: translated(case_words.OUTCOME_WORDS[outcome]),
        removed_words=lambda kind: translated(case_words.REMOVED_WORDS.get(kind, NO_WORDS)),
        ruling_words=lambda act: translated(case_words.RULING_WORDS[act]),
        span_words=span_words,
        yours_words=lambda kind: translated(case_words.YOURS_WORDS[kind]),
        staff_act_words=staff_act_words,
    )


def category_words(category: str) -> str:
    """Return why something is a case."""
    return translated(ALL_CATEGORIES[category].words)


def date_words(day: date | str) -> str:
    """Return a day, which may be written ``2026-11-24``, as people write it."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return str(format_date(found, "long"))


def age_words(moment: datetime) -> str:
    """Return how long ago something was, in its largest unit."""
    return span_words(datetime.now(UTC) - moment)


def span_words(span: timedelta) -> str:
    """Return a span of time in its largest unit."""
    return str(format_timedelta(max(span, timedelta(minutes=1)), granularity="minute"))


def staff_act_words(action: str) -> str:
    """Return an act of staff in words; acts from the command line have none."""
    return translated(case_words.STAFF_ACTS[action]) if action in case_words.STAFF_ACTS else action


def detail_words(name: str, value: Any) -> str:
    """Return what the audit log adds to an act, in words."""
    values = [_logged(name, one) for one in (value if isinstance(value, list) else [value])]
    shown = ", ".join(filter(None, values)) or str(_("none"))
    known = case_words.STAFF_DETAILS.get(name)
    return translated(known, value=shown) if known else f"{name}: {shown}"


def _logged(name: str, value: Any) -> str:
    """Return one value of the log: a member's number as short as on other pages of the staff."""
    if name == "member":
        return str(value)[:SHORT_NUMBER]
    return translated(STAFF_ROLE_LABELS[value]) if value in STAFF_ROLE_LABELS else str(value)


def evidence_words(evidence: dict[str, Any]) -> list[tuple[str, str]]:
    """Return facts about a reported piece, as names and values, without its texts."""
    return [
        (translated(case_words.EVIDENCE_WORDS[name]), _value(name, value))
        for name, value in evidence.items()
        if name in case_words.EVIDENCE_WORDS
        and value not in ("", [], None)
        and not (name == "day" and "context" in evidence)  # each message there has its own
    ]


def _value(name: str, value: Any) -> str:
    if name == "languages":
        return ", ".join(language_name(tag, current_locale()) for tag in value)
    if name == "held":
        return held_words(value)
    if name == "day":
        return date_words(value)
    if name in {"before", "now"}:
        return number_words(value)
    if name in MOST_READ:
        return _how_many(value, MOST_READ[name])
    known = CHOICES.get(name, {})
    return translated(known[value]) if value in known else str(value)


def held_words(reasons: Iterable[str]) -> str:
    """Return why the site held something."""
    known = case_words.HELD_WORDS
    return ", ".join(translated(known[key]) if key in known else key for key in reasons)


def _how_many(n: int, most: int) -> str:
    found = number_words(n)
    if n >= MOST_COUNTED:
        found = str(_("%(n)s or more", n=found))
    return found if n <= most else str(_("%(n)s; %(most)s were shown", n=found, most=most))
