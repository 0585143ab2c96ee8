"""Names people go by here: a friendly one to start with, and none that tells who they are."""

import random
import re
import unicodedata

from mapapp.errors import BadInputError

INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})  # Unicode categories
JOINERS = "\u200c\u200d"  # part of ordinary spelling in Persian and in Indian scripts
LONGEST = 40
SHORTEST = 2


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

_ADDRESS = re.compile(r"@|＠|\(at\)|\[at\]", re.IGNORECASE)
_LINK = re.compile(
    r"https?:|www\.|://|\b[a-z0-9-]+\.(com|org|net|info|io|me|co|uk|de|fr|ru|app)\b", re.IGNORECASE
)
_TELEPHONE = re.compile(r"(?:\d[\s().+/-]*){6,}")


def suggest_pseudonym(source: random.Random) -> str:
    """Return two friendly words; there are some 1,900 pairs, and they need not be unique."""
    return f"{source.choice(FIRST)} {source.choice(SECOND)}"


def clean_pseudonym(text: str) -> str:
    """Return ``text`` as it is stored.

    Raises:
        BadInputError: when it is too short or long, or lets people be reached or found.
    """
    # Compatibility forms (full-width digits, styled letters) become plain ones before the checks.
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not SHORTEST <= len(name) <= LONGEST:
        raise BadInputError("A pseudonym has 2 to 40 letters.")
    if any(unicodedata.category(letter) in INVISIBLE for letter in name if letter not in JOINERS):
        raise BadInputError("A pseudonym cannot hold invisible characters.")
    if _ADDRESS.search(name):
        raise BadInputError("This looks like an e-mail address. Please choose a name without it.")
    if _LINK.search(name):
        raise BadInputError("This looks like a web address. Please choose a name without it.")
    if _TELEPHONE.search(name):
        raise BadInputError("This looks like a telephone number. Please choose a name without it.")
    if not any(unicodedata.category(letter).startswith("L") for letter in name):
        raise BadInputError("A pseudonym needs at least one letter.")
    return name


def leads_elsewhere(text: str) -> bool:
    """Whether ``text`` looks like an e-mail address, a web address or a telephone number."""
    return any(shape.search(text) for shape in (_ADDRESS, _LINK, _TELEPHONE))
