from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members.profile_edit import my_languages, set_languages
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.members import Member


@pytest.mark.both
def test_languages_are_kept(
    session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    member, other = make_member(languages=["en", "fr"]), make_member(languages=["pl"])
    set_languages(Context(session, settings, reader_id=member.id), ("de", "en", "de"))
    assert my_languages(session, member.id) == ("de", "en")
    assert my_languages(session, other.id) == ("pl",)


@pytest.mark.parametrize("wrong", [("xx",), ("de", "en", "fr", "es", "it")])
def test_what_cannot_be_is_refused(
    session: Session, settings: Settings, make_member: Callable[..., Member], wrong: tuple[str, ...]
) -> None:
    member = make_member(languages=["en"])
    with pytest.raises(BadInputError):
        set_languages(Context(session, settings, reader_id=member.id), wrong)
    assert my_languages(session, member.id) == ("en",)
