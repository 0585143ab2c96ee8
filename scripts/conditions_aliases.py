"""Read data/conditions/aliases.toml: what people call their conditions."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OWN_KEYS = {"code", "name", "slug", "group", "also", "demo_weight"}


@dataclass(frozen=True)
class Alias:
    """One entry of the file.

    Attributes:
        names: the display name first, then English names, then those in other languages.
        translations: by language code, the name to show in that language.
        demo_weight: the demo's number of invented members; 0 for entries not in the demo.
    """

    code: str
    name: str
    slug: str
    group: str
    names: tuple[str, ...]
    translations: dict[str, str]
    demo_weight: int


def read_aliases(path: Path) -> list[Alias]:
    """Return the entries, Mondo's first.

    Raises:
        SystemExit: if two entries have the same code, or a key is unknown.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    aliases = [_alias(entry) for kind in ("condition", "local") for entry in entries.get(kind, [])]
    codes = [alias.code for alias in aliases]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise SystemExit(f"{path.name} has two entries for {', '.join(twice)}.")
    return aliases


def _alias(entry: dict[str, Any]) -> Alias:
    languages = sorted(key for key in entry if key not in _OWN_KEYS)
    if wrong := [key for key in languages if len(key) != 2]:
        raise SystemExit(f"{entry['code']}: what is {', '.join(wrong)}?")
    return Alias(
        code=entry["code"],
        name=entry["name"],
        slug=entry["slug"],
        group=entry.get("group", ""),
        names=(
            entry["name"],
            *entry.get("also", []),
            *(name for language in languages for name in entry[language]),
        ),
        translations={language: entry[language][0] for language in languages},
        demo_weight=entry.get("demo_weight", 0),
    )
