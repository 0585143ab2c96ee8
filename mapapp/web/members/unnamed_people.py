"""What readers are told of the people who are counted here but not shown to them by name.

Numbers are exact for everybody, so the unnamed must not look like nobody; and each kind of reader
is told what would show them more.
"""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from mapapp.domain.core.visibilities import ON_MAP, VISITOR
from mapapp.errors import Nn_
from mapapp.web.core.locale import translated
from mapapp.web.members.own_place import Reader


@dataclass(frozen=True)
class Unnamed:
    """A sentence, and the words and the address of the link that leads to more."""

    words: str
    link_words: str
    link: str


NOT_NAMED = {
    (True, False): Nn_(
        "%(n)s person here is shown only to members or people on this map.",
        "%(n)s people here are shown only to members or people on this map.",
    ),
    (False, False): Nn_(
        "%(n)s person here is shown only to people on this map.",
        "%(n)s people here are shown only to people on this map.",
    ),
    (True, True): Nn_(
        "%(n)s person in the world is shown only to members or people on this map.",
        "%(n)s people in the world are shown only to members or people on this map.",
    ),
    (False, True): Nn_(
        "%(n)s person in the world is shown only to people on this map.",
        "%(n)s people in the world are shown only to people on this map.",
    ),
}
"""By whether a visitor reads, and whether it is about the whole world."""


def unnamed(
    counted: int, named: int, reader: Reader, slug: str, *, near: bool = False
) -> Unnamed | None:
    """Return what to say of the people in an area, None where nobody is left out.

    Args:
        counted: how many are listed in the area.
        named: how many of them the reader may see by name.
        reader: who reads.
        slug: of the condition.
        near: whether it is about everybody in the world, the reader left out, for "near me".
    """
    n = _left_out(counted, named, reader)
    if not n:
        return None
    words = translated(NOT_NAMED[reader.kind == VISITOR, near], n=n)
    return Unnamed(words, *_way_to_more(reader, slug))


def _left_out(counted: int, named: int, reader: Reader) -> int:
    """Who is listed on the map sees everyone; a number would only tell them of a block."""
    return 0 if reader.kind == ON_MAP else max(counted - named, 0)


def _way_to_more(reader: Reader, slug: str) -> tuple[str, str]:
    place = url_for("members.place", slug=slug)
    if reader.kind == VISITOR:
        return str(_("Once you are on it, you see them, too.")), place
    if reader.is_placed:
        return str(_("Show yourself on it to see them.")), place
    return str(_("Put yourself on it to see them.")), place
