"""Delete what has expired: sessions, links with their mails, limits, notes of reading, messages."""

import time

from sqlalchemy import delete, select, union_all
from sqlalchemy.orm import Session

from mapapp.store.limits import Quota, Reading
from mapapp.store.mail import Outbox
from mapapp.store.records import WebhookDelivery
from mapapp.store.sign_in import AddressChange, SignInLink, WebSession

DELIVERIES_KEPT = 30 * 86_400  # seconds


def delete_expired(session: Session, now: int | None = None) -> None:
    """Delete every row that has expired."""
    moment = int(time.time()) if now is None else now
    session.execute(delete(WebSession).where(WebSession.expires <= moment))
    session.execute(delete(SignInLink).where(SignInLink.expires <= moment))
    session.execute(delete(AddressChange).where(AddressChange.expires <= moment))
    links = union_all(select(SignInLink.link_hash), select(AddressChange.link_hash))
    dead = (Outbox.sign_in.is_not(None), Outbox.sign_in.not_in(links))
    session.execute(delete(Outbox).where(*dead))
    session.execute(delete(Quota).where(Quota.ends <= moment))
    session.execute(delete(Reading).where(Reading.ends <= moment))
    old = WebhookDelivery.made <= moment - DELIVERIES_KEPT
    session.execute(delete(WebhookDelivery).where(old))
