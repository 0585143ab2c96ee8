"""What a member says once for all maps: their languages."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.published.card_changes import announce_all
from mapapp.domain.core.languages import MOST_LANGUAGES, language_codes
from mapapp.errors import N_, BadInputError
from mapapp.store.members import MemberLanguage


def my_languages(session: Session, member_id: int) -> tuple[str, ...]:
    """Return the languages that the member speaks, as tags."""
    spoken = session.scalars(
        select(MemberLanguage.language)
        .where(MemberLanguage.member_id == member_id)
        .order_by(MemberLanguage.language)
    )
    return tuple(spoken)


def set_languages(ctx: Context, languages: Iterable[str]) -> None:
    """Store the languages that the member speaks; all maps show them from a publication on.

    Raises:
        BadInputError: for more than there can be, and for some that do not exist.
    """
    spoken = checked_languages(languages)
    before = my_languages(ctx.session, ctx.member_id)
    if spoken != before:
        store_languages(ctx, spoken, before)
        announce_all(ctx, ctx.member_id)


def checked_languages(languages: Iterable[str]) -> tuple[str, ...]:
    """Return the languages, sorted.

    Raises:
        BadInputError: for more than there can be, and for some that do not exist.
    """
    spoken = tuple(sorted({tag for tag in languages if tag}))
    if len(spoken) > MOST_LANGUAGES or not language_codes().issuperset(spoken):
        raise BadInputError(N_("Choose your languages from the list, at most four."))
    return spoken


def store_languages(ctx: Context, spoken: tuple[str, ...], before: tuple[str, ...]) -> None:
    """Store languages in place of those ``before``; the maps are told by ``announce_all``."""
    if before:
        mine = MemberLanguage.member_id == ctx.member_id
        ctx.session.execute(delete(MemberLanguage).where(mine))
    if spoken:
        rows = [{"member_id": ctx.member_id, "language": tag} for tag in spoken]
        ctx.session.execute(insert(MemberLanguage), rows)
