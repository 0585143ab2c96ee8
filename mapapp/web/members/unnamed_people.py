"""What readers are told of the people who are counted here but not shown to them by name.

Numbers are exact for everybody, so the unnamed must not look like nobody; and each kind of reader
is told what would show them more.
"""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.domain.core.visibilities import ON_MAP, VISITOR
from mapapp.web.members.own_place import Reader
from mapapp.web.published.presenters import number_words


@dataclass(frozen=True)
class Unnamed:
    """A sentence, and the words and the address of the link that leads to more."""

    words: str
    link_words: str
    link: str


def unnamed_here(counted: int, named: int, reader: Reader, slug: str) -> Unnamed | None:
    """Return what to say of the people in an area, None where nobody is left out.

    Args:
        counted: how many are listed in the area.
        named: how many of them the reader may see by name.
        reader: who reads.
        slug: of the condition.
    """
    n = _left_out(counted, named, reader)
    if not n:
        return None
    shown = number_words(n)
    if reader.kind == VISITOR:
        words = ngettext(
            "%(shown)s person here is not shown to visitors.",
            "%(shown)s people here are not shown to visitors.",
            n,
            shown=shown,
        )
    else:
        words = ngettext(
            "%(shown)s person here is shown only to people on this map.",
            "%(shown)s people here are shown only to people on this map.",
            n,
            shown=shown,
        )
    return Unnamed(str(words), *_way_to_more(reader, slug))


def unnamed_near(counted: int, named: int, reader: Reader, slug: str) -> Unnamed | None:
    """Return the same of everybody in the world, the reader left out, for "near me"."""
    n = _left_out(counted, named, reader)
    if not n:
        return None
    shown = number_words(n)
    if reader.kind == VISITOR:
        words = ngettext(
            "%(shown)s person in the world is not shown to visitors.",
            "%(shown)s people in the world are not shown to visitors.",
            n,
            shown=shown,
        )
    else:
        words = ngettext(
            "%(shown)s person in the world is shown only to people on this map.",
            "%(shown)s people in the world are shown only to people on this map.",
            n,
            shown=shown,
        )
    return Unnamed(str(words), *_way_to_more(reader, slug))


def _left_out(counted: int, named: int, reader: Reader) -> int:
    """Who is listed on the map sees everyone; a number would only tell them of a block."""
    return 0 if reader.kind == ON_MAP else max(counted - named, 0)


def _way_to_more(reader: Reader, slug: str) -> tuple[str, str]:
    if reader.kind == VISITOR:
        return str(_("Sign in to see more.")), url_for("accounts.sign_in", next=request.full_path)
    place = url_for("members.place", slug=slug)
    if reader.is_placed:
        return str(_("Show yourself on it to see them.")), place
    return str(_("Put yourself on it to see them.")), place
