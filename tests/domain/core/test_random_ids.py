"""Very many random ids: each a UUID4, none twice, in no order."""

import uuid

from mapapp.domain.core.random_ids import SHARED, ids_together, random_ids, uuid4_texts

MANY = 2_000


def test_they_are_uuid4s_in_no_order() -> None:
    ids = random_ids(MANY)
    assert len(set(ids)) == MANY
    assert all(uuid.UUID(one).version == 4 and str(uuid.UUID(one)) == one for one in ids)
    assert {uuid.UUID(one).variant for one in ids} == {uuid.RFC_4122}
    assert ids != sorted(ids)
    assert len({one[: 2 * SHARED] for one in ids}) > MANY // 2
    assert not set(ids) & set(random_ids(MANY))


def test_ids_that_lie_together_share_only_their_beginning() -> None:
    ids = ids_together(MANY)
    assert len({one[: 2 * SHARED] for one in ids}) == 1
    assert len({one[2 * SHARED :] for one in ids}) == MANY
    assert all(uuid.UUID(one).version == 4 for one in ids)
    assert ids[0][: 2 * SHARED] != ids_together(1)[0][: 2 * SHARED]


def test_the_same_chance_gives_the_same_ids() -> None:
    chance = bytes(range(32))
    assert uuid4_texts(chance)[0] == str(uuid.UUID(bytes=chance[:16], version=4))
    assert uuid4_texts(b"") == random_ids(0) == []
