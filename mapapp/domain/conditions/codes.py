"""The codes that conditions have elsewhere, and finding conditions by them.

From Mondo's cross-references, and for the search from the Disease Ontology's (data/SOURCES.md).
"""

import gzip
import json
import re
import zlib
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType

from mapapp.errors import N_, DataError
from mapapp.paths import DATA

CODES = DATA / "conditions" / "codes.json.gz"
COPY_OF = "2024-07"
"""The month of the copy of Mondo that the codes are from; its release is not written in it."""
ONLY_SEARCH = "~"
"""Before a code in the file that is not the condition's alone, or that is not Mondo's word."""


@dataclass(frozen=True)
class CodeSystem:
    """A list of diseases with codes.

    Attributes:
        key: the prefix of its codes.
        name: as people know it.
        page: of a code; ``{code}`` is the code, ``{number}`` what follows its prefix.
        has_prefix: whether its codes are written with their prefix.
    """

    key: str
    name: str
    page: str
    has_prefix: bool = False


CODE_SYSTEMS = (
    CodeSystem("MONDO", "Mondo", "https://monarchinitiative.org/{code}", True),
    CodeSystem("ORPHA", "Orphanet", "https://www.orpha.net/en/disease/detail/{number}", True),
    CodeSystem("OMIM", "OMIM", "https://omim.org/entry/{number}"),
    CodeSystem("DOID", "Disease Ontology", "https://disease-ontology.org/term/{code}", True),
    CodeSystem("MESH", "MeSH", "https://meshb.nlm.nih.gov/record/ui?ui={number}"),
    # The year that was in force when Mondo's copy was made.
    CodeSystem("ICD10CM", "ICD-10-CM", "https://icd10cmtool.cdc.gov/?fy=FY2024&query={number}"),
    CodeSystem("GARD", "GARD", "https://rarediseases.info.nih.gov/diseases/{number}/index"),
)
"""In the order of pages. Pages link to them; nothing of theirs is loaded."""
_BY_KEY = {system.key: system for system in CODE_SYSTEMS}
_NUMBERED = ("MONDO", "ORPHA", "OMIM", "DOID", "GARD", "LOCAL")

_WITH_SYSTEM = re.compile(
    r"(?P<system>mondo|local|orpha(?:net|code)?|o?mim|gard|doid|mesh|icd[ -]?10(?:[ -]?cm)?)"
    r"[ :_#-]*(?P<number>[a-z]?\d[0-9a-z.-]{0,9})"
)
_MESH = re.compile(r"[cd]\d{6}(?:\d{3})?")
_ICD = re.compile(r"[a-z]\d[0-9a-z](?:\.[0-9a-z]{1,4})?")
_NUMBER = re.compile(r"\d{2,7}")
_SPELT = {"orphanet": "ORPHA", "orphacode": "ORPHA", "mim": "OMIM"}
_CATEGORY = 3  # characters of an ICD-10-CM code before its dot
_LONGEST = 8  # and with the dot and all after it


@dataclass(frozen=True)
class Code:
    """A code that means one condition and no other; ``text`` is the code as its system writes it.

    Attributes:
        edition: the month (YYYY-MM) of the copy of Mondo that says so. Which edition of the other
            system Mondo read is not written in it.
    """

    system: CodeSystem
    text: str
    edition: str = COPY_OF

    @property
    def url(self) -> str:
        """A page of that system about it."""
        number = self.text.partition(":")[2] if self.system.has_prefix else self.text
        return self.system.page.format(code=self.text, number=number)


@dataclass(frozen=True)
class Coded:
    """A condition by its code here ("MONDO:nnnnnnn"), and in words the code that it is found by."""

    condition: str
    words: str


@dataclass(frozen=True)
class FoundByCode:
    """What a code finds; ``is_certain`` when its system was named, so that it is no name."""

    conditions: tuple[Coded, ...] = ()
    is_certain: bool = False


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Return by the code of a condition its further codes, separated by spaces.

    Raises:
        DataError: if the file is missing or damaged.
    """
    try:
        return dict(json.loads(gzip.decompress(CODES.read_bytes())))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DataError(
            N_("The list of conditions is missing or damaged. Install the program again.")
        ) from error


def codes_of(condition: str) -> tuple[Code, ...]:
    """Return the codes of a condition, Mondo's first; none for conditions that staff added.

    Raises:
        DataError: if the file of codes is missing or damaged.
    """
    if not condition.startswith("MONDO:"):
        return ()
    every = [condition, *_codes().get(condition, "").split()]
    own = [_code(one) for one in every if not one.startswith(ONLY_SEARCH)]
    return tuple(sorted(own, key=lambda code: CODE_SYSTEMS.index(code.system)))


def code_in(system: str, codes: tuple[Code, ...]) -> str:
    """Return the code that ``codes`` has in a system, or ""."""
    return next((code.text for code in codes if code.system.key == system), "")


def _code(stored: str) -> Code:
    key, _, number = stored.partition(":")
    system = _BY_KEY[key]
    return Code(system, stored if system.has_prefix else number)


@lru_cache(maxsize=1)
def _conditions_of() -> MappingProxyType[str, tuple[str, ...]]:
    """Return by code the conditions that have it: first those whose own it is."""
    found: dict[str, list[str]] = {}
    for is_own in (True, False):
        for condition, codes in _codes().items():
            for code in codes.split():
                if code.startswith(ONLY_SEARCH) != is_own:
                    key, _, number = code.removeprefix(ONLY_SEARCH).partition(":")
                    found.setdefault(_key(key, number), []).append(condition)
    return MappingProxyType({key: tuple(which) for key, which in sorted(found.items())})


@lru_cache(maxsize=1)
def _icd_codes() -> tuple[str, ...]:
    return tuple(key for key in _conditions_of() if key.startswith("ICD10CM:"))


def _key(system: str, number: str) -> str:
    return f"{system}:{number.lstrip('0') if system in _NUMBERED else number}"


def conditions_with(typed: str) -> FoundByCode:
    """Return the conditions that a code stands for, with or without the name of its system.

    What could be a code in several systems finds the conditions of each. An ICD-10-CM code finds
    also what lies under it, or, where Mondo has nothing so fine, what it lies under.
    """
    text = " ".join(typed.casefold().split())
    if named := _WITH_SYSTEM.fullmatch(text):
        system = _system(named["system"])
        found = _in_system(system, named["number"].upper())
        return FoundByCode(found, is_certain=bool(found))
    if _MESH.fullmatch(text):
        return FoundByCode(_in_system("MESH", text.upper()))
    if _ICD.fullmatch(text):
        return FoundByCode(_in_system("ICD10CM", text.upper()))
    if _NUMBER.fullmatch(text):
        every = (one for system in _NUMBERED[:-1] for one in _in_system(system, text))
        return FoundByCode(tuple(every))
    return FoundByCode()


def _system(spelt: str) -> str:
    return "ICD10CM" if spelt.startswith("icd") else _SPELT.get(spelt, spelt.upper())


def _in_system(system: str, number: str) -> tuple[Coded, ...]:
    if system in ("MONDO", "LOCAL"):
        code = f"{system}:{number.lstrip('0').zfill(7 if system == 'MONDO' else 4)}"
        return (Coded(code, code),)
    if system == "ICD10CM":
        return _in_icd(number if "." in number or "-" in number else _dotted(number))
    return _coded(_key(system, number))


def _dotted(number: str) -> str:
    return f"{number[:_CATEGORY]}.{number[_CATEGORY:]}".rstrip(".")


def _in_icd(number: str) -> tuple[Coded, ...]:
    key, every = f"ICD10CM:{number[:_LONGEST]}", _icd_codes()
    finer = key if "." in key else f"{key}."
    below = takewhile(lambda one: one.startswith(finer), every[bisect_left(every, finer) :])
    found: dict[str, Coded] = {}
    for one in (one for code in (key, *below) for one in _coded(code)):
        found.setdefault(one.condition, one)
    while not found and len(key) > len("ICD10CM:") + _CATEGORY:
        key = key[:-1].rstrip(".")
        found = {one.condition: one for one in _coded(key)}
    return tuple(found.values())


def _coded(key: str) -> tuple[Coded, ...]:
    conditions = _conditions_of().get(key, ())
    if not conditions:
        return ()
    system, _, number = key.partition(":")
    words = f"{_BY_KEY[system].name} {number}"
    return tuple(Coded(condition, words) for condition in conditions)
