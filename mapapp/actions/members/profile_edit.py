"""A member's profile, the same on all maps: pseudonym and languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.domain.core.languages import MOST_LANGUAGES, language_codes
from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.errors import N_, BadInputError
from mapapp.store.members import Member, MemberLanguage, Membership


@dataclass(frozen=True)
class Profile:
    """A member's own description."""

    pseudonym: str
    languages: tuple[str, ...]


def my_profile(session: Session, member_id: int) -> Profile:
    """Return the member's profile."""
    pseudonym = session.scalars(select(Member.pseudonym).where(Member.id == member_id)).one()
    spoken = session.scalars(
        select(MemberLanguage.language)
        .where(MemberLanguage.member_id == member_id)
        .order_by(MemberLanguage.language)
    )
    return Profile(pseudonym, tuple(spoken))


def set_profile(ctx: Context, wanted: Profile) -> None:
    """Store a profile.

    Raises:
        BadInputError: for a pseudonym that reveals who they are or deceives, and for choices
            that do not exist.
    """
    pseudonym = clean_pseudonym(wanted.pseudonym, ctx.settings.site_name)
    mine = Member.id == ctx.member_id
    ctx.session.execute(update(Member).where(mine).values(pseudonym=pseudonym))
    _set_languages(ctx.session, ctx.member_id, wanted.languages)


def forget_decades(session: Session, member_id: int) -> None:
    """Delete a member's decades of birth and diagnosis, which are no longer asked for."""
    session.execute(update(Member).where(Member.id == member_id).values(birth_decade=None))
    session.execute(
        update(Membership).where(Membership.member_id == member_id).values(diagnosis_decade=None)
    )


def _set_languages(session: Session, member_id: int, languages: Iterable[str]) -> None:
    spoken = sorted({tag for tag in languages if tag})
    if len(spoken) > MOST_LANGUAGES or not language_codes().issuperset(spoken):
        raise BadInputError(N_("Choose your languages from the list, at most four."))
    session.execute(delete(MemberLanguage).where(MemberLanguage.member_id == member_id))
    if spoken:
        rows = [{"member_id": member_id, "language": tag} for tag in spoken]
        session.execute(insert(MemberLanguage), rows)
