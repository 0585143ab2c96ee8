"""Holds JSON-LD against the vocabulary of schema.org, as a package of its metadata has it."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from schema_org import registry


def problems(node: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Yield whatever the vocabulary does not know: types, properties of a type, kinds of values."""
    kind = node.get("@type", "")
    if kind not in registry.CLASS_METADATA:
        yield f"{at}: there is no type {kind!r}"
        return
    for name, value in node.items():
        if name == "@type" or (name == "@id" and _is_url(value)):
            continue
        found = registry.PROPERTY_BY_SCHEMA.get(name)
        if found is None or found.superseded_by:
            yield f"{at}: there is no property {name!r}"
        elif not _kinds(kind) & set(found.domains):
            yield f"{at}: {kind} has no {name!r}"
        else:
            for item in value if isinstance(value, list) else [value]:
                yield from _problems_of_value(item, set(found.ranges), f"{at}.{name}")


def _problems_of_value(value: Any, ranges: set[str], at: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from problems(value, at)
        if not _kinds(value.get("@type", "")) & ranges:
            yield f"{at}: takes no {value.get('@type')}"
    elif not _is_one_of(value, ranges):
        yield f"{at}: takes no {value!r}"


def _is_one_of(value: Any, ranges: set[str]) -> bool:
    if isinstance(value, bool):
        return "Boolean" in ranges
    if isinstance(value, int):
        return bool(ranges & {"Integer", "Number"})
    if not isinstance(value, str):
        return False
    return (
        "Text" in ranges
        or ("URL" in ranges and _is_url(value))
        or ("Date" in ranges and _is_date(value))
    )


def _is_url(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _kinds(kind: str) -> set[str]:
    """Return a type with all that it is a kind of."""
    return {kind}.union(*(_kinds(parent) for parent in registry.PARENTS.get(kind, ())))
