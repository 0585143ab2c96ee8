"""The order of listed people inside a group: random to everyone, and the same every time."""

from mapapp.domain.core.keyed_hash import keyed_digest


def order_key(secret: str, condition_id: int, member_public_id: str) -> int:
    """Return the sort key of a member among the members of a condition.

    It says nothing about when a member joined, and nothing about their place under another
    condition, because the condition is part of what is hashed.

    Returns:
        An integer from 0 to 2**63 - 1.
    """
    digest = keyed_digest(secret, "tie", condition_id, member_public_id)
    return int.from_bytes(digest[:8], "big") >> 1
