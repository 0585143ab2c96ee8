"""Idempotency keys: a form sent twice takes effect once."""

import uuid

from mapapp.errors import N_, BadInputError, Words

ALREADY_SENT = N_(
    "You have already sent this form. Send it again if you want to send these words as well."
)


def checked_key(text: str, refusal: Words) -> str:
    """Return the key of a form as it is stored.

    Raises:
        BadInputError: with the words ``refusal``, for anything but a random UUID.
    """
    try:
        return str(uuid.UUID(text, version=4))
    except ValueError:
        raise BadInputError(refusal) from None
