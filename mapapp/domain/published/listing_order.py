"""The order of listed people inside a group: random to everyone, and the same every time."""

from collections.abc import Callable

from mapapp.domain.core.keyed_hash import keyed_digest, many_digests

ORDER_PURPOSE = "tie"


def order_key(secret: str, condition_id: int, member_public_id: str) -> int:
    """Return the sort key of a member among the members of a condition.

    It says nothing about when a member joined, and nothing about their place under another
    condition, because the condition is part of what is hashed.

    Returns:
        An integer from 0 to 2**63 - 1.
    """
    return _key(keyed_digest(secret, ORDER_PURPOSE, condition_id, member_public_id))


def order_keys(secret: str, condition_id: int) -> Callable[[str], int]:
    """Return ``order_key`` of one condition, for very many of its members."""
    digest = many_digests(secret, ORDER_PURPOSE, condition_id)
    return lambda member_public_id: _key(digest(member_public_id))


def _key(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big") >> 1
