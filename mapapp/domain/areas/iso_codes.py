"""Which codes of areas are ISO 3166's today, and how exports write those that are our own.

Only what leaves the site is written like this. Addresses, memberships and the area table keep the
codes that they have, so that nothing moves when the standard does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mapapp.domain.areas.area_tree import COUNTRY, REGION, WORLD
from mapapp.errors import N_, DataError
from mapapp.paths import DATA

ISO_FILE = DATA / "areas" / "iso_codes.json"
ISO_COUNTRY, ISO_REGION, OWN = "ISO 3166-1", "ISO 3166-2", "own"
OWN_PREFIX = "X-"


@dataclass(frozen=True)
class IsoCodes:
    """The codes of one edition of the standard.

    Attributes:
        edition: its name, for people.
        alpha_3: the three letters of each country, by its two.
        regions: the codes of regions that mean the same in the standard and in our area table.
    """

    edition: str
    alpha_3: Mapping[str, str]
    regions: frozenset[str]

    def standard_of(self, code: str, level: int) -> str:
        """Return whose the code of an area of ``level`` is."""
        if level == COUNTRY and code in self.alpha_3:
            return ISO_COUNTRY
        if level == REGION and code in self.regions:
            return ISO_REGION
        return OWN

    def written(self, code: str, level: int) -> str:
        """Return the code as it is written in an export: ``X-`` before those of our own."""
        is_own = level != WORLD and self.standard_of(code, level) == OWN
        return f"{OWN_PREFIX}{code}" if is_own else code


@cache
def load_iso_codes() -> IsoCodes:
    """Return the codes that ship with the program.

    Raises:
        DataError: when the file is missing or damaged.
    """
    try:
        found = json.loads(ISO_FILE.read_text(encoding="utf-8"))
        regions, given_away = (
            {code for codes in found[part].values() for code in codes}
            for part in ("regions", "given_away")
        )
        return IsoCodes(found["edition"], found["alpha_3"], frozenset(regions - given_away))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            N_("The file %(file)s is missing or damaged. Install the program again."),
            file=ISO_FILE.name,
        ) from error
