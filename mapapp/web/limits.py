"""Taking from a quota while a page is only read."""

from mapapp.actions.quotas import Limit, use
from mapapp.store.database import transaction
from mapapp.web.database import db
from mapapp.web.security import site_settings


def spend(limit: Limit, *subject: str | int) -> None:
    """Count one use of ``limit``, in a transaction of its own.

    The request's own transaction only reads; on SQLite one that has read cannot begin to write.

    Raises:
        LimitError: when nothing is left.
    """
    with transaction(db.engine) as session:
        use(session, site_settings().secret, limit, *subject)
