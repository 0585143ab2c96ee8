"""Names people go by here: a friendly one to start with, and none that reveals or deceives."""

import random
import re
from collections.abc import Collection

from mapapp.domain.core.folding import normal_form
from mapapp.domain.core.visible_text import HEAPED, has_heaped_marks, has_invisible, visible_letters
from mapapp.domain.members.deceiving_names import REFUSALS, sounds_like
from mapapp.domain.members.names_elsewhere import is_number, names_service
from mapapp.domain.safety.hold_rules import reasons_to_hold
from mapapp.errors import N_, BadInputError

LONGEST_PSEUDONYM = 40
"""Characters. One letter is enough: it is a whole name in Chinese."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words(
    """
    Amber Bright Calm Clear Coral Cosy Dapper Early Easy Fair Gentle Golden Happy Hazel
    Honest Indigo Jolly Kind Lilac Lively Lucky Mellow Merry Misty Noble Olive Patient Quiet
    Rosy Rustic Silver Sunny Steady Swift Tidy Velvet Warm Wild Wise Witty
    """
)
SECOND = _words(
    """
    Acorn Alder Aspen Badger Beech Birch Bramble Brook Clover Crane Dolphin Dove Elm Falcon
    Fern Finch Fox Harbour Hare Heron Ibis Island Juniper Kestrel Lark Linden Lotus Magpie
    Maple Meadow Moss Otter Owl Pebble Pine Puffin Quail Raven River Robin Rowan Sparrow
    Starling Swan Thistle Tulip Valley Wren
    """
)

# Each step is bounded: work must grow with the length of a text, not with its square.
_ADDRESS = re.compile(
    r"[@＠]|\(at\)|\[at\]"
    r"|\b(?:at|arroba|arobase|chiocciola|malpa)\b.{0,40}\b(?:com|net|org|dot|de|fr|co)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?:|\bwww\b|://|\w\w[.。｡․][^\W\d_]{2}|\bdot (?:com|net|org)\b", re.I)
_FIGURE_BESIDE = re.compile(r"(?<=\d)[oO]|[oO](?=\d)")
_TELEPHONE = re.compile(r"\d{6,}")


def suggest_pseudonym(source: random.Random, elsewhere: Collection[str] = ()) -> str:
    """Return two friendly words; there are some 1,900 pairs, and they do not have to be unique.

    Args:
        source: of chance.
        elsewhere: what the same person is called on other maps, in small letters; none of these.
    """
    while True:
        name = f"{source.choice(FIRST)} {source.choice(SECOND)}"
        if name.casefold() not in elsewhere:
            return name


class Pseudonym(str):
    """A pseudonym that was checked and is as it is stored."""

    __slots__ = ()


def clean_pseudonym(text: str, site_name: str) -> Pseudonym:
    """Return ``text`` as it is stored; what was checked before is not checked again.

    Args:
        text: what somebody typed.
        site_name: what the site is called: nobody may look like it.

    Raises:
        BadInputError: when it is too short or long, lets people be reached, deceives or hurts.
    """
    if isinstance(text, Pseudonym):
        return text
    # Compatibility forms (full-width digits, styled letters) become plain ones before the checks.
    name = " ".join(normal_form("NFKC", text).split())
    if not name or len(name) > LONGEST_PSEUDONYM:
        raise BadInputError(
            N_(
                "A pseudonym has 1 to 40 characters. A character that stands for several counts "
                "as if they were written out."
            )
        )
    _refuse_unseen(name)
    _refuse_contact(name)
    if not visible_letters(name):
        raise BadInputError(N_("A pseudonym needs at least one letter."))
    titles = sounds_like(name, site_name)
    if titles:
        raise BadInputError(REFUSALS[titles])
    return Pseudonym(name)


def _refuse_unseen(name: str) -> None:
    if has_invisible(name):
        raise BadInputError(
            N_("This contains characters that nobody can see. Delete it, and type the name anew.")
        )
    if has_heaped_marks(name):
        raise BadInputError(HEAPED)


def _refuse_contact(name: str) -> None:
    if _ADDRESS.search(name):
        raise BadInputError(
            N_("This looks like an email address. Please choose a name without it.")
        )
    if _LINK.search(name):
        raise BadInputError(N_("This looks like a web address. Please choose a name without it."))
    if _is_telephone(name) or is_number(name):
        raise BadInputError(N_("This looks like a phone number. Please choose a name without it."))
    if names_service(name) or "contact" in reasons_to_hold(name):
        raise BadInputError(
            N_("This looks like a way to reach you elsewhere. Please choose a name without it.")
        )


def leads_elsewhere(text: str) -> bool:
    """Whether ``text`` looks like an email address, a web address or a phone number."""
    return bool(_ADDRESS.search(text) or _LINK.search(text)) or _is_telephone(text)


def _is_telephone(text: str) -> bool:
    """Whether six figures follow each other, whatever stands between them but letters."""
    figures = _FIGURE_BESIDE.sub("0", text)
    return _TELEPHONE.search(re.sub(r"[^\w]|_", "", figures)) is not None
