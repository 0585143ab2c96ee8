import pytest

from mapapp.domain.core.keyed_hash import (
    keyed_digest,
    keyed_hash,
    many_digests,
    plain_hash,
    seal,
    unseal,
)
from mapapp.domain.published.listing_order import order_key, order_keys
from mapapp.errors import BadInputError

SECRET = "one secret of thirty-two characters or more"
OTHER = "another secret of thirty-two characters or more"


def test_a_keyed_hash_depends_on_key_purpose_and_every_part() -> None:
    hashes = {
        keyed_hash(SECRET, "quota", "move", 1),
        keyed_hash(OTHER, "quota", "move", 1),
        keyed_hash(SECRET, "tie", "move", 1),
        keyed_hash(SECRET, "quota", "move1", ""),
        keyed_hash(SECRET, "quota", "mov", "e1"),
    }
    assert len(hashes) == 5
    assert keyed_hash(SECRET, "quota", "move", 1) == keyed_hash(SECRET, "quota", "move", 1)
    assert len(plain_hash("x")) == 64


def test_what_is_sealed_can_be_read_with_the_same_key_and_purpose_only() -> None:
    sealed = seal(SECRET, "sign-in", "robin@example.org")
    assert "robin" not in sealed
    assert unseal(SECRET, "sign-in", sealed) == "robin@example.org"
    for secret, purpose, text in (
        (OTHER, "sign-in", sealed),
        (SECRET, "other", sealed),
        (SECRET, "sign-in", sealed[:-4] + "AAA="),
    ):
        with pytest.raises(BadInputError):
            unseal(secret, purpose, text)


def test_ties_fit_a_signed_column_and_differ_between_conditions() -> None:
    ties = [order_key(SECRET, condition, f"id-{n}") for condition in (1, 2) for n in range(500)]
    assert len(set(ties)) == 1000
    assert all(0 <= t < 2**63 for t in ties)
    assert max(ties) > 2**62  # the whole range is used
    first, second = (
        sorted(range(500), key=lambda n: ties[n]),
        sorted(range(500), key=lambda n: ties[500 + n]),
    )
    assert first != second


def test_many_are_hashed_as_one_is() -> None:
    many, orders = many_digests(SECRET, "import row", 7, "a.csv"), order_keys(SECRET, 7)
    for text in ("", "a", "é" * 300):
        assert many("id", text) == keyed_digest(SECRET, "import row", 7, "a.csv", "id", text)
        assert orders(text) == order_key(SECRET, 7, text)
