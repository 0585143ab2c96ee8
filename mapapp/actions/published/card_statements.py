"""The statements that read cards, each written once for its shape and kept.

They are written out so that each goes by the key that was made for it, whatever a database guesses
about its tables: SQLite keeps no figures of them, and both would rather walk through a whole map in
order than read the cards of some areas and sort those few. ``CROSS JOIN`` and ``INDEXED BY`` are
SQLite's ways to say which table comes first, and by which index.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import TextClause, text

from mapapp.store.facts import PUBLICATION

CARD_COLUMNS = (
    "public_id",
    "pseudonym",
    "role",
    "languages",
    "area_id",
    "visibility",
    "reasons",
    "not_now",
    "carers_only",
    "same_language",
    "farthest",
    "adviser",
    "birth_decade",
    "diagnosis_decade",
    "listing_order",
    "member_id",
)
"""What is read of a card, in this order."""

_READ = ", ".join(f"l.{name}" for name in CARD_COLUMNS)
_STANDING = f"(SELECT CAST(value AS INTEGER) FROM site_fact WHERE key = '{PUBLICATION}')"  # noqa: S608
_STANDS = f"l.since <= {_STANDING} AND l.until > {_STANDING}"
_HERE = "l.condition_id = :condition_id"


BY_AREA, BY_ORDER, BY_LANGUAGE, BY_MARK = "area", "order", "language", "mark"
BY_BIRTH = "birth"
"""The ways to cards: area by area, all in the order of the hash, those who speak a language,
advisers alone, or those who show in which decade they were born."""


@dataclass(frozen=True)
class Shape:
    """What a statement depends on beside its values.

    Attributes:
        on_postgresql: otherwise on SQLite.
        visibilities: how many are read.
        way: by which it reads.
        in_areas: whether only the cards of some areas are read.
        falls: whether the order is turned round.
        has_spot: whether it begins at a spot in the order.
        has_bound: whether it ends at a hash.
        without: whether cards of some members are left out.
        role: whether a role is asked for.
        languages: how many are asked for, of which a card has to have one.
        decades: the same, of decades of birth.
    """

    on_postgresql: bool
    visibilities: int
    way: str = BY_ORDER
    in_areas: bool = False
    falls: bool = False
    has_spot: bool = False
    has_bound: bool = False
    without: bool = False
    role: bool = False
    languages: int = 0
    decades: int = 0


@lru_cache(maxsize=512)
def list_statement(shape: Shape) -> TextClause:
    """Return the statement that reads a list of cards.

    Its values: ``condition_id``, ``size``, ``v0`` and so on (the visibilities), and as the shape
    says ``areas``, ``language0`` and ``spoken0`` (a pattern) and so on, ``born0`` and so on,
    ``hash`` and ``public_id`` (the spot), ``bound``, ``without``, ``role``.
    """
    seen = range(shape.visibilities)
    if shape.way == BY_AREA:
        some = ", ".join(f":v{n}" for n in seen)
        return text(_select(shape, f"l.visibility IN ({some})"))
    # One visibility and language (or decade) after the other: each lies in order for itself.
    parts = [_select(shape, f"l.visibility = :v{n}") for n in seen]
    if shape.way == BY_LANGUAGE:
        spoken = [f"k.language = :language{n}" for n in range(shape.languages)]
        parts = [_select(shape, f"k.visibility = :v{n}", one) for n in seen for one in spoken]
    if shape.way == BY_BIRTH:
        born = [f"l.birth_decade = :born{n}" for n in range(shape.decades)]
        parts = [_select(shape, f"l.visibility = :v{n}", one) for n in seen for one in born]
    # Who speaks two of the languages is in two parts.
    union = "UNION" if shape.way == BY_LANGUAGE and shape.languages > 1 else "UNION ALL"
    every = f" {union} ".join(f"SELECT * FROM ({one}) AS part" for one in parts)  # noqa: S608
    return text(every if len(parts) == 1 else f"{every} {_order(shape, '')} LIMIT :size")


def _select(shape: Shape, *which: str) -> str:
    where = " AND ".join((*which, *_terms(shape)))
    # Area by area the few that are found are sorted, which no index may be used for.
    ways = _order(shape, f"{_key(shape)}.", bar=shape.way == BY_AREA and shape.on_postgresql)
    return f"SELECT {_READ} FROM {_tables(shape)} WHERE {where} {ways} LIMIT :size"  # noqa: S608


def _key(shape: Shape) -> str:
    return "k" if shape.way == BY_LANGUAGE else "l"


def _tables(shape: Shape) -> str:
    if shape.way == BY_LANGUAGE:
        join = "JOIN" if shape.on_postgresql else "CROSS JOIN"
        return (
            f"listing_language AS k {join} {_by('ix_listing_world', shape.on_postgresql)} "
            "ON l.condition_id = k.condition_id AND l.visibility = k.visibility "
            "AND l.listing_order = k.listing_order AND l.public_id = k.public_id "
            "AND l.since = k.since"
        )
    if shape.way == BY_MARK:
        return _by("ix_listing_adviser", shape.on_postgresql)
    if shape.way == BY_ORDER:
        return _by("ix_listing_world", shape.on_postgresql)
    if shape.way == BY_BIRTH:
        return _by("ix_listing_born", shape.on_postgresql)
    if shape.on_postgresql:
        return "listing AS l"
    return "json_each(:areas) AS a CROSS JOIN listing AS l ON l.area_id = a.value"


def _by(index: str, on_postgresql: bool) -> str:
    return "listing AS l" if on_postgresql else f"listing AS l INDEXED BY {index}"


def _terms(shape: Shape) -> list[str]:
    key = _key(shape)
    terms = [f"{key}.condition_id = :condition_id", _STANDS]
    if shape.way == BY_MARK:
        terms.append("l.adviser")
    if shape.in_areas:
        terms += _area_terms(shape)
    if shape.has_spot:
        beyond = "<" if shape.falls else ">"
        terms.append(f"({key}.listing_order, {key}.public_id) {beyond} (:hash, :public_id)")
    if shape.has_bound:
        terms.append(f"{key}.listing_order {'>=' if shape.falls else '<='} :bound")
    if shape.without:
        terms.append(f"l.member_id {_none_of(shape.on_postgresql, 'without')}")
    if shape.role:
        terms.append("l.role = :role")
    if shape.languages and shape.way != BY_LANGUAGE:
        spoken = range(shape.languages)
        any_of = " OR ".join(f"' ' || l.languages || ' ' LIKE :spoken{n}" for n in spoken)
        terms.append(f"({any_of})")
    if shape.decades and shape.way != BY_BIRTH:
        born = ", ".join(f":born{n}" for n in range(shape.decades))
        terms.append(f"l.birth_decade IN ({born})")
    return terms


def _area_terms(shape: Shape) -> list[str]:
    if shape.way == BY_AREA:
        return ["l.area_id = ANY(CAST(:areas AS integer[]))"] if shape.on_postgresql else []
    # What is added keeps each card from being looked for in each of the areas.
    if shape.on_postgresql:
        return ["l.area_id + 0 = ANY(CAST(:areas AS integer[]))"]
    return ["+l.area_id IN (SELECT value FROM json_each(:areas))"]


def _none_of(on_postgresql: bool, name: str) -> str:
    if on_postgresql:
        return f"<> ALL(CAST(:{name} AS integer[]))"
    return f"NOT IN (SELECT value FROM json_each(:{name}))"  # noqa: S608


def _order(shape: Shape, table: str, *, bar: bool = False) -> str:
    way = " DESC" if shape.falls else ""
    return f"ORDER BY {table}listing_order{' + 0' if bar else ''}{way}, {table}public_id{way}"


@lru_cache(maxsize=4)
def member_statement(on_postgresql: bool) -> TextClause:
    """Return the statement that reads the cards of some members on a map.

    Its values: ``condition_id``, ``members``.
    """
    cards = _by("ix_listing_member", on_postgresql)
    if on_postgresql:
        who = f"{cards} WHERE l.member_id = ANY(CAST(:members AS integer[]))"
    else:
        who = f"json_each(:members) AS m CROSS JOIN {cards} WHERE l.member_id = m.value"
    return text(f"SELECT {_READ} FROM {who} AND {_HERE} AND {_STANDS}")  # noqa: S608


@lru_cache(maxsize=4)
def card_statement(on_postgresql: bool) -> TextClause:
    """Return the statement that reads the card at a public id: ``condition_id``, ``public_id``."""
    cards = _by("ix_listing_public_id", on_postgresql)
    where = f"l.public_id = :public_id AND {_HERE} AND {_STANDS}"
    return text(f"SELECT {_READ} FROM {cards} WHERE {where}")  # noqa: S608
