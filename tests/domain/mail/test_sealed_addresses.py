import base64

import pytest

from mapapp.domain.mail.sealed_addresses import AddressKeys
from mapapp.errors import BadInputError

OLD = "an old key of thirty-two characters or more"
NEW = "a new key of thirty-two characters or more"
ROBIN = "robin@example.org"


def test_what_is_sealed_can_be_read_again_and_not_without_the_key() -> None:
    sealed = AddressKeys((OLD,)).seal(ROBIN)
    assert "robin" not in sealed
    assert AddressKeys((OLD,)).unseal(sealed) == ROBIN
    with pytest.raises(BadInputError, match="no longer set"):
        AddressKeys((NEW,)).unseal(sealed)


def test_every_key_opens_and_the_first_one_seals() -> None:
    both = AddressKeys((NEW, OLD))
    assert both.unseal(AddressKeys((OLD,)).seal(ROBIN)) == ROBIN
    assert AddressKeys((NEW,)).unseal(both.seal(ROBIN)) == ROBIN
    with pytest.raises(BadInputError):
        AddressKeys((OLD,)).unseal(both.seal(ROBIN))


def test_without_a_key_nothing_can_be_kept() -> None:
    with pytest.raises(BadInputError, match="MAPAPP_ADDRESS_KEY"):
        AddressKeys(())


def test_marks_are_those_of_every_key_the_newest_first() -> None:
    new, old = AddressKeys((NEW,)).mark(ROBIN), AddressKeys((OLD,)).mark(ROBIN)
    assert new != old
    both = AddressKeys((NEW, OLD))
    assert both.marks(ROBIN) == (new, old)
    assert both.mark(ROBIN) == new


@pytest.mark.parametrize(
    "typed", ["Robin@Example.ORG", " robin@example.org\n", "\tROBIN@example.org "]
)
def test_a_mark_looks_at_neither_case_nor_blanks_around(typed: str) -> None:
    keys = AddressKeys((NEW,))
    assert keys.mark(typed) == keys.mark(ROBIN)


def test_a_mark_tells_nothing_and_people_apart() -> None:
    mark = AddressKeys((NEW,)).mark(ROBIN)
    assert len(mark) == 64
    assert "robin" not in mark
    assert mark != AddressKeys((NEW,)).mark("robin@example.com")


def test_sealing_twice_gives_different_texts() -> None:
    keys = AddressKeys((NEW,))
    assert len({keys.seal(ROBIN) for _ in range(10)}) == 10


def test_the_time_of_sealing_cannot_be_read() -> None:
    """A Fernet token begins with its version, then the time in 8 bytes that no key protects."""
    token = base64.urlsafe_b64decode(AddressKeys((NEW,)).seal(ROBIN))
    assert token[0] == 0x80
    assert token[1:9] == bytes(8)
