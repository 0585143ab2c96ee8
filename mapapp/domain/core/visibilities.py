"""Who may see a listing (privacy rule 2), as one table."""

PUBLIC, MEMBERS, COUNTED = "public", "members", "counted"
VISIBILITIES = (MEMBERS, PUBLIC, COUNTED)  # in the order they are offered; the first is the default

PAUSED = "paused"
"""Not chosen for one map, but set for all while an account is paused: in no number, ever."""

LISTED = (PUBLIC, MEMBERS)
"""Visibilities that are counted live; ``counted`` enters frozen releases only."""

NAMED_TO = {
    "visitor": (PUBLIC,),
    "member": (PUBLIC, MEMBERS),
}
"""Which listings each kind of reader sees by name. Any other listing is shown to nobody."""


def is_listed(visibility: str) -> bool:
    """Whether memberships of this visibility are counted in live numbers."""
    return visibility in LISTED


def visibilities_for(signed_in: bool) -> tuple[str, ...]:
    """Return the visibilities whose listings this reader may see by name."""
    return NAMED_TO["member" if signed_in else "visitor"]
