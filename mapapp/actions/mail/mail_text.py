"""Mails as text: a template in ``templates/mail`` whose first line is the subject.

No mail names a condition, a pseudonym or a place: subjects and first lines are read on lock
screens, over shoulders and by mail providers.
"""

from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select

from mapapp.actions.core.context import Context
from mapapp.domain.core.translations import Language, first_spoken, language_of
from mapapp.paths import TEMPLATES
from mapapp.store.members import MemberLanguage


@dataclass(frozen=True)
class MailText:
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


def language_for(ctx: Context, member_id: int) -> Language:
    """Return the language in which a member is written to.

    It is the first language of the site that they say they speak, else the site's default.
    """
    offered = ctx.settings.offered_languages
    if len(offered) == 1:
        return language_of(offered[0])
    spoken = select(MemberLanguage.language).where(MemberLanguage.member_id == member_id)
    return first_spoken(offered, set(ctx.session.scalars(spoken)))


def write_mail(name: str, language: Language, **values: str) -> MailText:
    """Return the mail ``templates/mail/<name>.txt`` in ``language``, filled in."""
    text = _environment().get_template(f"{name}.txt").render(_=language.say, **values)
    subject, _line, body = text.partition("\n")
    return MailText(subject.strip(), body.strip() + "\n")
