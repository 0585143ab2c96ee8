"""What a member says once for all maps: their languages."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.published.card_changes import announce_all
from mapapp.domain.core.languages import MOST_LANGUAGES, language_codes
from mapapp.errors import N_, BadInputError
from mapapp.store.members import Member, MemberLanguage, Membership


def my_languages(session: Session, member_id: int) -> tuple[str, ...]:
    """Return the languages that the member speaks, as tags."""
    spoken = session.scalars(
        select(MemberLanguage.language)
        .where(MemberLanguage.member_id == member_id)
        .order_by(MemberLanguage.language)
    )
    return tuple(spoken)


def forget_decades(session: Session, member_id: int) -> None:
    """Delete a member's decades of birth and diagnosis, which are no longer asked for."""
    session.execute(update(Member).where(Member.id == member_id).values(birth_decade=None))
    session.execute(
        update(Membership).where(Membership.member_id == member_id).values(diagnosis_decade=None)
    )


def set_languages(ctx: Context, languages: Iterable[str]) -> None:
    """Store the languages that the member speaks; all maps show them from a publication on.

    Raises:
        BadInputError: for more than there can be, and for some that do not exist.
    """
    spoken = sorted({tag for tag in languages if tag})
    if len(spoken) > MOST_LANGUAGES or not language_codes().issuperset(spoken):
        raise BadInputError(N_("Choose your languages from the list, at most four."))
    session, member_id = ctx.session, ctx.member_id
    if tuple(spoken) == my_languages(session, member_id):
        return
    session.execute(delete(MemberLanguage).where(MemberLanguage.member_id == member_id))
    if spoken:
        rows = [{"member_id": member_id, "language": tag} for tag in spoken]
        session.execute(insert(MemberLanguage), rows)
    announce_all(ctx, member_id)
