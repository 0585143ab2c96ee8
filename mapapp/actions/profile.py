"""What a member says about themself everywhere: pseudonym, languages, decade of birth."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from mapapp.domain.decades import check_decade
from mapapp.domain.languages import MOST, language_codes
from mapapp.domain.pseudonyms import clean_pseudonym
from mapapp.errors import BadInputError
from mapapp.store.members import Member, MemberLanguage


@dataclass(frozen=True)
class Profile:
    """A member as they describe themself."""

    pseudonym: str
    languages: tuple[str, ...]
    birth_decade: int | None


def my_profile(session: Session, member_id: int) -> Profile:
    """Return the member's profile."""
    row = session.execute(
        select(Member.pseudonym, Member.birth_decade).where(Member.id == member_id)
    ).one()
    spoken = session.scalars(
        select(MemberLanguage.language)
        .where(MemberLanguage.member_id == member_id)
        .order_by(MemberLanguage.language)
    )
    return Profile(row.pseudonym, tuple(spoken), row.birth_decade)


def set_profile(session: Session, member_id: int, wanted: Profile) -> None:
    """Store a profile.

    Raises:
        BadInputError: for a pseudonym that tells who somebody is, and choices that do not exist.
    """
    pseudonym = clean_pseudonym(wanted.pseudonym)
    check_decade(wanted.birth_decade)
    session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(pseudonym=pseudonym, birth_decade=wanted.birth_decade)
    )
    _set_languages(session, member_id, wanted.languages)


def _set_languages(session: Session, member_id: int, languages: Iterable[str]) -> None:
    spoken = sorted({tag for tag in languages if tag})
    if len(spoken) > MOST or not language_codes().issuperset(spoken):
        raise BadInputError("Choose your languages from the list, at most four.")
    session.execute(delete(MemberLanguage).where(MemberLanguage.member_id == member_id))
    if spoken:
        rows = [{"member_id": member_id, "language": tag} for tag in spoken]
        session.execute(insert(MemberLanguage), rows)
