"""Decades, the finest that is asked of when somebody was born or diagnosed."""

from datetime import UTC, datetime

from mapapp.errors import BadInputError

FIRST_DECADE = 1900


def check_decade(decade: int | None) -> None:
    """Refuse a decade that is none, or not yet or long past.

    Raises:
        BadInputError: then.
    """
    if decade is None:
        return
    if decade % 10 or not FIRST_DECADE <= decade <= datetime.now(UTC).year:
        raise BadInputError("Choose a decade from the list, or leave it open.")
