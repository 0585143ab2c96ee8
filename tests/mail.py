"""The mail in a test's outbox, decrypted."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.mail import outbox
from mapapp.actions.mail.outbox import Mail
from mapapp.settings import Settings
from mapapp.store.mail import Outbox


def waiting_mail(session: Session, settings: Settings) -> list[Mail]:
    """Return every mail in the queue, also those to nobody, oldest first."""
    rows = session.scalars(
        select(Outbox).order_by(Outbox.id).execution_options(populate_existing=True)
    )
    return [outbox.opened(settings, row) for row in rows]


def links_in(mail: Mail) -> Iterator[str]:
    """Yield the links of a mail without the name of the site."""
    for link in re.findall(r"https?://\S+", mail.body):
        yield urlsplit(link)._replace(scheme="", netloc="").geturl()


def newest_mail(session: Session, settings: Settings) -> Mail:
    """Return the mail that was queued last."""
    return waiting_mail(session, settings)[-1]
