"""The states of a contact request, and which act leads from which to which.

The picture is in docs/requests.md. Declining is silent: the sender must not tell ``DECLINED``
from ``OPEN``, nor ``REFUSED`` from ``WITHDRAWN``.
"""

from mapapp.errors import N_, NotFoundError

OPEN, LATER, ACCEPTED, DECLINED = "open", "later", "accepted", "declined"
WITHDRAWN = "withdrawn"
REFUSED = "refused"
"""Declined, and then ended: shown to nobody, and kept so that asking again is declined too."""
BARRED = "barred"
"""Declined, and then the sender blocked the receiver: in neither list, and kept as above."""
LEFT = "left"
"""Of earlier versions, which told the other side that somebody left: shown until put away."""
GONE = "gone"
"""No longer a row."""

REQUEST_STATES = (OPEN, LATER, ACCEPTED, DECLINED, WITHDRAWN, REFUSED, BARRED, LEFT, GONE)

ACCEPT, PUT_OFF, DECLINE = "accept", "put off", "decline"
END = "end"
"""The sender withdraws it, one side hides or leaves the map, or 60 days are over."""
ASKER_LEAVES, ASKED_LEAVES = "asker leaves", "asked leaves"
"""That side erases the account; being blocked by the receiver is the same."""
ASKER_BLOCKS = "asker blocks"
"""Unblocking later must not undo the other side's no."""
_LEAVING = (ASKER_LEAVES, ASKER_BLOCKS, ASKED_LEAVES)
PUT_AWAY = "put away"

REQUEST_MOVES = {
    (OPEN, ACCEPT): ACCEPTED,
    (LATER, ACCEPT): ACCEPTED,
    (OPEN, PUT_OFF): LATER,
    (OPEN, DECLINE): DECLINED,
    (LATER, DECLINE): DECLINED,
    (OPEN, END): WITHDRAWN,
    (LATER, END): WITHDRAWN,
    (DECLINED, END): REFUSED,
    # Whoever could tell leaving from hiding would know of those who hide that they are still here.
    **{(s, a): WITHDRAWN for s in (OPEN, LATER, WITHDRAWN) for a in _LEAVING},
    **{(s, ASKED_LEAVES): WITHDRAWN for s in (DECLINED, REFUSED)},
    **{(s, ASKER_LEAVES): GONE for s in (DECLINED, REFUSED)},
    **{(s, ASKER_BLOCKS): BARRED for s in (DECLINED, REFUSED, BARRED)},
    **{(BARRED, a): GONE for a in (ASKER_LEAVES, ASKED_LEAVES)},
    # An accepted request continues as a conversation, which says that the member has left.
    **{(s, a): GONE for s in (ACCEPTED, LEFT) for a in _LEAVING},
    (LEFT, PUT_AWAY): GONE,
}

ANSWERABLE = (OPEN, LATER)
UNANSWERED = (OPEN, LATER, DECLINED)
"""States that look the same to the sender."""

DAYS = 60
"""How long a request lasts without an answer."""


def next_state(state: str, act: str) -> str:
    """Return the state to which ``act`` leads from ``state``.

    Raises:
        NotFoundError: when there is no such move.
    """
    if (state, act) not in REQUEST_MOVES:
        raise NotFoundError(N_("This request has already been answered, or has ended."))
    return REQUEST_MOVES[state, act]


def before(act: str) -> dict[str, str]:
    """Return the states in which ``act`` can be done, each with the state that follows."""
    return {state: after for (state, done), after in REQUEST_MOVES.items() if done == act}
