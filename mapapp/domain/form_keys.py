"""Keys that are made with a form, so that the same form sent twice does its work once."""

import uuid

from mapapp.errors import BadInputError


def checked_key(text: str, refusal: str) -> str:
    """Return the key of a form as it is stored.

    Raises:
        BadInputError: with the words ``refusal``, for anything but a random UUID.
    """
    try:
        return str(uuid.UUID(text, version=4))
    except ValueError:
        raise BadInputError(refusal) from None
