"""What people tried and how it went: the choices, the lists that ship, and what is counted."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mapapp.domain.hurtful import is_hurtful
from mapapp.domain.messages import clean_text
from mapapp.domain.pseudonyms import leads_elsewhere
from mapapp.domain.questions import CONTENT
from mapapp.domain.shipped import read_shipped
from mapapp.domain.wording import _
from mapapp.errors import BadInputError

OUTCOMES = {
    "better": _("Better"),
    "same": _("No change"),
    "worse": _("Worse"),
}
FEWEST = 10
"""People who must have reported a treatment before anything of it is shown."""
SHORTEST_NAME, LONGEST_NAME = 3, 80
"""Letters of a treatment that a member proposes."""
FILE_NAME = "treatments.toml"


@dataclass(frozen=True)
class Uses:
    """How many listed people tried a treatment; raw numbers, which leave through ``counts``."""

    name: str
    total: int
    better: int
    same: int
    worse: int
    side_effects: int


@dataclass(frozen=True)
class PublicUses:
    """The same as everybody may see it: each number rounded by itself (PRIVACY rule 7)."""

    name: str
    total: int | str
    better: int | str
    same: int | str
    worse: int | str
    side_effects: int | str


@cache
def load_names(slug: str) -> tuple[str, ...]:
    """Return the treatments that ship for a condition; none where there is no list.

    Raises:
        DataError: if the list is damaged.
    """
    path = CONTENT / slug / FILE_NAME
    return read_names(path) if path.is_file() else ()


def read_names(path: Path) -> tuple[str, ...]:
    """Return the treatments in a file.

    Raises:
        DataError: if it is damaged.
    """
    return read_shipped(path, lambda found: tuple(checked_name(name) for name in found["names"]))


def checked_name(text: str) -> str:
    """Return the name of a treatment as it is stored.

    Raises:
        BadInputError: when it is too short or long, leads elsewhere, or would hurt.
    """
    name = unicodedata.normalize("NFKC", " ".join(clean_text(text).split()))
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not any(c.isalpha() for c in name):
        raise BadInputError("Write the name of a treatment in 3 to 80 letters.")
    if leads_elsewhere(name):
        raise BadInputError("Write the name alone: no address, no link and no telephone number.")
    if is_hurtful(name):
        raise BadInputError("Please choose other words: these hurt people.")
    return name
