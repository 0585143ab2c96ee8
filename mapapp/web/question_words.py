"""Questions and posts in the words and the language of the page."""

from typing import Protocol

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.post_lists import PostLine
from mapapp.domain.editorial import AUTHOR_ROLES
from mapapp.domain.posts import NAME_LABELS, SPEAKERS, blocks
from mapapp.domain.questions import load_set
from mapapp.web.presenters import number_words


class Asked(Protocol):
    """What a question needs to be shown."""

    @property
    def slug(self) -> str:
        """The key of one from the set."""

    @property
    def title(self) -> str:
        """What was asked, '' for one from the set."""


def init_question_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        answer_count=answer_count,
        author_words=lambda role: str(_(AUTHOR_ROLES[role])),
        post_blocks=blocks,
        post_name_words=NAME_LABELS,
        question_title=question_title,
        set_words=set_words,
        speaker_words=speaker_words,
    )


def question_title(question: Asked, condition: str) -> str:
    """Return a question; one of the set in the language of the page."""
    return question.title or set_words(question.slug, condition)


def set_words(key: str, condition: str) -> str:
    """Return the words of a question of the set for a condition."""
    return str(_(load_set()[key].words)) % {"condition": condition}


def speaker_words(post: PostLine) -> str:
    """Return on what ground somebody speaks, with the years if they gave them."""
    ground = str(_(SPEAKERS[post.role]))
    if post.years is None:
        return ground
    if post.years == 0:
        return f"{ground}, {_('for less than a year')}"
    years = ngettext("for %(n)s year", "for %(n)s years", post.years, n=number_words(post.years))
    return f"{ground}, {years}"


def answer_count(n: int) -> str:
    """Return ``1 answer`` or ``12 answers``."""
    return str(ngettext("%(shown)s answer", "%(shown)s answers", n, shown=number_words(n)))
