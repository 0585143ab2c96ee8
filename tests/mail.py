"""The mail that waits in a test's outbox, opened."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import outbox
from mapapp.actions.outbox import Mail
from mapapp.settings import Settings
from mapapp.store.service import Outbox


def waiting_mail(session: Session, settings: Settings) -> list[Mail]:
    """Return every mail in the queue, also those to nobody, oldest first."""
    rows = session.scalars(
        select(Outbox).order_by(Outbox.id).execution_options(populate_existing=True)
    )
    return [outbox.opened(settings, row) for row in rows]


def newest_mail(session: Session, settings: Settings) -> Mail:
    """Return the mail that was queued last."""
    return waiting_mail(session, settings)[-1]
