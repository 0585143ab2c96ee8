"""The rows of cards: reading those that stand, ending them, and adding new ones.

Whatever is added or ended changes numbers; the changes are noted beside, in the same transaction,
and the next publication adds them up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Table,
    Update,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from mapapp.domain.core.visibilities import LISTED
from mapapp.domain.published.adviser_rules import CONFIRMED
from mapapp.store.contact import ContactWish
from mapapp.store.members import AdviserOffer, Member, MemberLanguage, Membership
from mapapp.store.published import (
    NOT_REPLACED,
    ListingLanguage,
    ListingRow,
    NumberChange,
    of_membership,
)

OF_AREA, OF_ROLE, OF_LANGUAGE = "", "role:", "language:"
OF_BIRTH = "born:"
"""Of which number a change is; all but the first are followed by a value."""

Number = tuple[int, str, int, str]
"""Condition, key, area and visibility."""
Card = Mapping[Any, Any]
"""A row of ``ListingRow`` by the names of its columns."""

CARD_ROWS: Table = ListingRow.__table__  # type: ignore[assignment]
LANGUAGE_ROWS: Table = ListingLanguage.__table__  # type: ignore[assignment]
CHANGE_ROWS: Table = NumberChange.__table__  # type: ignore[assignment]

SHOWN_BIRTH = case((Membership.birth_shown, Membership.birth_decade))
SHOWN_DIAGNOSIS = case((Membership.diagnosis_shown, Membership.diagnosis_decade))
"""What a card holds of the decades: those that the member shows, and nothing of others."""


def cards_held(session: Session, *terms: ColumnElement[bool]) -> list[Card]:
    """Return cards of members, locked; the terms are about their memberships."""
    beside = of_membership(Membership.condition_id, Membership.member_id)
    query = select(CARD_ROWS).join(Membership, beside).where(*terms).with_for_update(of=CARD_ROWS)
    return list(session.execute(query).mappings())


def cards_of(session: Session, number: int, *terms: ColumnElement[bool]) -> list[Card]:
    """Return the cards of listed memberships, as others will read them from ``number`` on."""
    rows = session.execute(_new_cards().where(*terms))
    return [{**row._mapping, "since": number, "until": NOT_REPLACED} for row in rows]


def _new_cards() -> Select[Any]:
    spoken = (
        select(func.coalesce(func.aggregate_strings(MemberLanguage.language, " "), ""))
        .where(MemberLanguage.member_id == Membership.member_id)
        .scalar_subquery()
    )
    confirmed = exists().where(
        AdviserOffer.condition_id == Membership.condition_id,
        AdviserOffer.member_id == Membership.member_id,
        AdviserOffer.state == CONFIRMED,
    )
    wishes = ContactWish
    return (
        select(
            Membership.condition_id,
            Membership.visibility,
            Membership.area_id,
            Membership.listing_order,
            Membership.public_id,
            Membership.member_id,
            Membership.pseudonym,
            Membership.role,
            Membership.month,
            SHOWN_BIRTH.label("birth_decade"),
            SHOWN_DIAGNOSIS.label("diagnosis_decade"),
            spoken.label("languages"),
            func.coalesce(wishes.reasons, "").label("reasons"),
            func.coalesce(wishes.not_now, literal(False)).label("not_now"),
            func.coalesce(wishes.carers_only, literal(False)).label("carers_only"),
            func.coalesce(wishes.same_language, literal(False)).label("same_language"),
            wishes.farthest,
            confirmed.label("adviser"),
        )
        .join(Member, Member.id == Membership.member_id)
        .outerjoin(
            wishes,
            (wishes.condition_id == Membership.condition_id)
            & (wishes.member_id == Membership.member_id),
        )
        .where(Membership.visibility.in_(LISTED), Member.active)
    )


def replace_cards(
    session: Session, ended: Sequence[Card], added: Sequence[Card], number: int
) -> None:
    """Let standing cards end with publication ``number``, add those that come with it, and note by
    how much the numbers change.

    A card that this publication had already, from a run that was stopped, was read by nobody: it
    goes.
    """
    _for_each(session, [card for card in ended if card["since"] >= number], delete)
    _for_each(session, [card for card in ended if card["since"] < number], update, until=number)
    spoken = [row for card in added for row in _languages_of(card)]
    for table, rows in ((CARD_ROWS, added), (LANGUAGE_ROWS, spoken)):
        if rows:
            session.connection().execute(insert(table), rows)
    changes = changes_of(added, 1)
    changes.update(changes_of(ended, -1))
    _note(session, changes)


def withdraw_cards(session: Session, cards: Sequence[Card]) -> None:
    """Delete cards at once, whichever publication stands; the numbers follow with the next one."""
    _for_each(session, cards, delete)
    standing = [card for card in cards if card["until"] == NOT_REPLACED]
    _note(session, changes_of(standing, -1))


def unmark(session: Session, condition_id: int, member_id: int) -> None:
    """Take the mark of an adviser off the cards of a member on a map at once, and nothing else."""
    mine = (CARD_ROWS.c.member_id == member_id, CARD_ROWS.c.condition_id + 0 == condition_id)
    session.connection().execute(update(CARD_ROWS).where(*mine).values(adviser=False))


def _for_each(session: Session, cards: Sequence[Card], act: Any, **values: int) -> None:
    """Delete or update the rows of cards and of their languages, each found by its key."""
    languages = [row for card in cards for row in _languages_of(card)]
    for table, rows in ((CARD_ROWS, cards), (LANGUAGE_ROWS, languages)):
        if not rows:
            continue
        key = [column.name for column in table.primary_key]
        statement: Delete | Update = act(table).where(
            *(table.c[name] == bindparam(f"old_{name}") for name in key)
        )
        if values:
            statement = statement.values(**values)  # type: ignore[union-attr]
        session.connection().execute(
            statement, [{f"old_{name}": row[name] for name in key} for row in rows]
        )


def _languages_of(card: Card) -> list[dict[str, Any]]:
    shared = {
        column.name: card[column.name] for column in LANGUAGE_ROWS.c if column.name != "language"
    }
    return [{**shared, "language": tag} for tag in card["languages"].split()]


def changes_of(cards: Iterable[Card], by: int) -> Counter[Number]:
    """Return by how much each number changes where each card adds ``by``."""
    changes: Counter[Number] = Counter()
    for card in cards:
        condition_id, visibility = card["condition_id"], card["visibility"]
        changes[condition_id, OF_AREA, card["area_id"], visibility] += by
        keys = [f"{OF_LANGUAGE}{tag}" for tag in card["languages"].split()]
        keys.append(f"{OF_ROLE}{card['role']}")
        if card["birth_decade"] is not None:
            keys.append(f"{OF_BIRTH}{card['birth_decade']}")
        for key in keys:
            changes[condition_id, key, 0, visibility] += by
    return changes


def _note(session: Session, changes: Counter[Number]) -> None:
    """Note by how much numbers change with the next publication.

    A change of nothing is noted at areas, too: it tells that a card of this map is another one.
    """
    names = ("condition_id", "key", "area_id", "visibility", "n")
    rows = [
        dict(zip(names, (*number, n), strict=True))
        for number, n in changes.items()
        if n or number[1] == OF_AREA
    ]
    if rows:
        session.connection().execute(insert(CHANGE_ROWS), rows)
