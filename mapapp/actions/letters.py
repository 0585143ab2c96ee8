"""Mails as text: a template in ``templates/mail``, its first line the subject.

No letter names a condition, a pseudonym or a place: subjects and first lines are read on lock
screens, over shoulders and by mail providers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mapapp.paths import TEMPLATES

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Letter:
    """A mail without its receiver."""

    subject: str
    body: str


@lru_cache
def _environment() -> Environment:
    # Plain text, so nothing is escaped; values come from us, never from members.
    return Environment(  # noqa: S701
        loader=FileSystemLoader(TEMPLATES / "mail"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


def unchanged(text: str) -> str:
    """The translation used where nobody knows the receiver's language yet."""
    return text


def write_letter(name: str, translate: Translate = unchanged, **values: str) -> Letter:
    """Return the letter ``templates/mail/<name>.txt``, filled in and translated."""
    text = _environment().get_template(f"{name}.txt").render(_=translate, **values)
    subject, _line, body = text.partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
