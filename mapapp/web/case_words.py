"""Cases and decisions in the words and the language of the page."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import format_date, format_timedelta
from flask_babel import gettext as _

from mapapp.actions.cases import ALL_CATEGORIES
from mapapp.domain import case_words as words
from mapapp.domain.cases import ACTS
from mapapp.domain.languages import language_name
from mapapp.domain.reading import AREAS, MOST_AREAS, MOST_COUNTED, MOST_PEOPLE, PEOPLE
from mapapp.domain.wording import GREETINGS, REASONS, ROLE_LABELS
from mapapp.web.languages import current_locale
from mapapp.web.presenters import number_words

MOST = {PEOPLE: MOST_PEOPLE, AREAS: MOST_AREAS}
CHOICES: dict[str, dict[str, str]] = {
    "role": ROLE_LABELS,
    "reason": REASONS,
    "greeting": GREETINGS,
    "who": words.READER_WORDS,
}


def init_case_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        act_words=lambda act: str(_(ACTS[act])),
        act_hint=lambda act: str(_(words.ACT_HINTS[act])),
        age_words=age_words,
        case_state_words=lambda state: str(_(words.STATE_WORDS[state])),
        category_words=category_words,
        date_words=date_words,
        evidence_words=evidence_words,
        kind_words=lambda kind: str(_(words.KIND_WORDS[kind])),
        outcome_words=lambda outcome: str(_(words.OUTCOME_WORDS[outcome])),
        removed_words=lambda kind: str(_(words.REMOVED_WORDS.get(kind, ""))),
        ruling_words=lambda act: str(_(words.RULING_WORDS[act])),
        span_words=span_words,
        yours_words=lambda kind: str(_(words.YOURS_WORDS[kind])),
        staff_act_words=staff_act_words,
    )


def category_words(category: str) -> str:
    """Return why something is a case."""
    return str(_(ALL_CATEGORIES[category].words))


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
    """Return what staff did, in words; what the shell did has none."""
    return str(_(words.STAFF_ACTS[action])) if action in words.STAFF_ACTS else action


def evidence_words(evidence: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of a reported piece, as names and values; its texts stand apart."""
    return [
        (str(_(words.EVIDENCE_WORDS[name])), _value(name, value))
        for name, value in evidence.items()
        if name in words.EVIDENCE_WORDS
        and value not in ("", [], None)
        and not (name == "day" and "context" in evidence)  # each message there has its own
    ]


def _value(name: str, value: Any) -> str:
    if name == "languages":
        return ", ".join(language_name(tag, current_locale()) for tag in value)
    if name == "held":
        return ", ".join(str(_(words.HELD_WORDS.get(key, key))) for key in value)
    if name == "day":
        return date_words(value)
    if name in MOST:
        return _how_many(value, MOST[name])
    known = CHOICES.get(name, {})
    return str(_(known[value])) if value in known else str(value)


def _how_many(n: int, most: int) -> str:
    found = number_words(n)
    if n >= MOST_COUNTED:
        found = str(_("%(n)s or more", n=found))
    return found if n <= most else str(_("%(n)s; %(most)s were shown", n=found, most=most))
