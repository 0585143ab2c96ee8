"""Which tables grow with members and what they write, and which columns find few rows in them."""

from sqlalchemy import Column, Table, UniqueConstraint

from mapapp.store.tables import Base

SMALL = {
    "condition": "the catalogue, of fixed length",
    "condition_name": "names that staff add",
    "condition_number": "one row for a role or a language of a map",
    "area_numbers": "one row for each map",
    "month_end": "one row a month for each map that anybody is on",
    "editorial": "what staff write",
    "ledger_entry": "a dozen rows a year for each map that anybody is on",
    "member_import": "files that the operator brought in",
    "member_staff_role": "the staff",
    "release": "the same",
    "site_fact": "a dozen facts",
    "site_month_end": "one row a month",
    "staff_role": "two kinds",
}
"""Tables that do not grow with members, and why; every other one does."""
OF_ONE = {"account_id", "actor", "address_mark", "piece", "public_id", "to_mark"}
"""Columns that name one person or thing, although several rows can have the same value."""
FEW = {
    "question.condition_id": "moderators let in each question: dozens on a map",
    "treatment.condition_id": "moderators let in each treatment: dozens on a map",
}
"""Columns whose rows stay few, although what they lead to is on everybody's map, and why."""
CROWDED = {
    "imported_row.import_id": "a file has up to millions of rows",
    "post.question_id": "everybody may answer a question",
    "post_vote.post_id": "everybody may vote on a post",
    "treatment_use.treatment_id": "everybody may have tried a treatment",
}
"""Links to one of what grows, to which very many rows can belong, and why."""

WAITING = {
    "ix_listing_adviser": "advisers, whom staff confirm one by one",
    "ix_adviser_offer_state": "offers to help, which staff answer one by one",
    "ix_listing_language_until": "what a publication replaced, until it is deleted after it",
    "ix_listing_until": "the same",
    "ix_membership_due": "who came since the last publications",
    "ix_moderation_case_is_news": "cases that came since moderators were last told",
}
"""Indexes of few rows: most of them wait for something, and this says for what."""

TABLES: dict[str, Table] = dict(Base.metadata.tables)
GROWING = TABLES.keys() - SMALL.keys()


def is_few(table: str, columns: frozenset[str]) -> bool:
    """Whether the rows of a table with given values in these columns are few."""
    known = TABLES[table]
    keys = [tuple(known.primary_key.columns.keys()), *_unique(known), ("rowid",)]
    if any(columns.issuperset(key) for key in keys):
        return True
    return any(_names_one(known.columns[name]) for name in columns - {"rowid"})


def _unique(table: Table) -> list[tuple[str, ...]]:
    found = [
        tuple(one.columns.keys()) for one in table.constraints if isinstance(one, UniqueConstraint)
    ]
    return [*found, *(tuple(one.columns.keys()) for one in table.indexes if one.unique)]


def _names_one(column: Column[object]) -> bool:
    if column.name in OF_ONE or str(column) in FEW:
        return True
    leads_to = {key.column.table.name for key in column.foreign_keys}
    return bool(leads_to & GROWING) and str(column) not in CROWDED
