from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.profile import Profile, my_profile, set_profile
from mapapp.errors import BadInputError
from mapapp.store.members import Member


def test_a_profile_is_kept(session: Session, make_member: Callable[..., Member]) -> None:
    member, other = make_member(languages=["en", "fr"]), make_member(pseudonym="Noise")
    set_profile(session, member.id, Profile(" Quiet  Heron ", ("de", "en", "de"), 1970))
    assert my_profile(session, member.id) == Profile("Quiet Heron", ("de", "en"), 1970)
    assert my_profile(session, other.id).pseudonym == "Noise"


@pytest.mark.parametrize(
    "wrong",
    [
        Profile("", (), None),
        Profile("robin@example.org", (), None),
        Profile("Robin", ("xx",), None),
        Profile("Robin", ("de", "en", "fr", "es", "it"), None),
        Profile("Robin", (), 1975),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, make_member: Callable[..., Member], wrong: Profile
) -> None:
    with pytest.raises(BadInputError):
        set_profile(session, make_member().id, wrong)
