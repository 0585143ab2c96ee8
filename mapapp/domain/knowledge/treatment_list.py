"""What people tried and how it went: the choices, the lists that ship, and what is counted."""

from functools import cache
from pathlib import Path

from mapapp.domain.conditions.hurtful_names import is_hurtful
from mapapp.domain.core.folding import normal_form
from mapapp.domain.core.shipped_files import read_shipped
from mapapp.domain.core.visible_text import clean_line
from mapapp.domain.knowledge.question_set import CONTENT
from mapapp.domain.members.pseudonyms import leads_elsewhere
from mapapp.errors import N_, BadInputError

OUTCOMES = {
    "better": N_("Better"),
    "same": N_("No change"),
    "worse": N_("Worse"),
}
SHORTEST_NAME, LONGEST_TREATMENT = 3, 80
"""Letters of a treatment that a member proposes."""
FILE_NAME = "treatments.toml"


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
    name = clean_line(normal_form("NFKC", text))
    if not SHORTEST_NAME <= len(name) <= LONGEST_TREATMENT or not any(c.isalpha() for c in name):
        raise BadInputError(N_("Write the name of a treatment in 3 to 80 characters."))
    if leads_elsewhere(name):
        raise BadInputError(N_("Write only the name: no address, no link and no phone number."))
    if is_hurtful(name):
        raise BadInputError(N_("Please choose other words: these are hurtful."))
    return name
