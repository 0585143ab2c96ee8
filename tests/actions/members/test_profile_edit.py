from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members.profile_edit import Profile, my_profile, set_profile
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.members import Member


@pytest.mark.both
def test_a_profile_is_kept(
    session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    member, other = make_member(languages=["en", "fr"]), make_member(pseudonym="Noise")
    set_profile(
        Context(session, settings, reader_id=member.id),
        Profile(" Quiet  Heron ", ("de", "en", "de")),
    )
    assert my_profile(session, member.id) == Profile("Quiet Heron", ("de", "en"))
    assert my_profile(session, other.id).pseudonym == "Noise"


@pytest.mark.parametrize(
    "wrong",
    [
        Profile("", ()),
        Profile("robin@example.org", ()),
        Profile("Condition Map", ()),  # the site
        Profile("Robin", ("xx",)),
        Profile("Robin", ("de", "en", "fr", "es", "it")),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, settings: Settings, make_member: Callable[..., Member], wrong: Profile
) -> None:
    with pytest.raises(BadInputError):
        set_profile(Context(session, settings, reader_id=make_member().id), wrong)
