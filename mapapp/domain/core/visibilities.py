"""Who may see a listing (privacy rule 2), as one table."""

MAP, MEMBERS, PUBLIC, COUNTED = "map", "members", "public", "counted"
VISIBILITIES = (MAP, MEMBERS, PUBLIC, COUNTED)
"""In the order they are offered; the first is the default."""

PAUSED = "paused"
"""Not chosen for one map, but set for all while an account is paused: in no number, ever."""

NOBODY = "nobody"
"""Who sees the pseudonym beside a text that names nobody; texts alone know this one."""

LISTED = (PUBLIC, MEMBERS, MAP)
"""Visibilities that are counted live; ``counted`` enters frozen releases only."""

VISITOR, SIGNED_IN, ON_MAP = "visitor", "member", "listed"
"""The kinds of readers: nobody known, a member, and a member who is listed on the map they read."""

NAMED_TO = {
    VISITOR: (PUBLIC,),
    SIGNED_IN: (PUBLIC, MEMBERS),
    ON_MAP: (PUBLIC, MEMBERS, MAP),
}
"""Which listings each kind of reader sees by name. Any other listing is shown to nobody."""


def is_listed(visibility: str) -> bool:
    """Whether memberships of this visibility are counted in live numbers."""
    return visibility in LISTED


def kind_of_member(own_visibility: str | None) -> str:
    """Return the kind of reader that a member is on a map.

    Args:
        own_visibility: theirs on that map, None where they are not on it. Who is only counted sees
            what any member sees: who looks at those on the map is to be seen by them.
    """
    return ON_MAP if own_visibility in LISTED else SIGNED_IN


def visibilities_for(reader: str) -> tuple[str, ...]:
    """Return the visibilities whose listings this kind of reader may see by name."""
    return NAMED_TO[reader]
