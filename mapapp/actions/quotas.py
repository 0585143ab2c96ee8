"""Limits of PRIVACY rule 6, kept in the database and so shared by all processes.

A row is named by a keyed hash of the limit and of whom it is about. It links to nobody without the
site's key, and the end of its window is rounded so that it does not tell when something was done.
"""

import time
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.domain.keyed import keyed_hash
from mapapp.errors import LimitError
from mapapp.store.service import Quota

HOUR, DAY = 3600, 86_400
IPV6_NETWORK = 64  # bits that a household or a rented machine is given at least


@dataclass(frozen=True)
class Limit:
    """``most`` uses in a window of ``seconds`` that opens with the first use."""

    name: str
    most: int
    seconds: int
    message: str = "That was a lot in a short time. Please try again a little later."

    def window_end(self, now: int) -> int:
        """Return when a window that opens at ``now`` ends, rounded up (never less for anybody)."""
        grain = DAY if self.seconds > DAY else HOUR if self.seconds == DAY else 60
        return -(-(now + self.seconds) // grain) * grain


SIGN_IN_LINKS = Limit("sign-in-link", 3, HOUR)
WRONG_CODES = Limit("wrong-code", 10, DAY)
SIGN_IN_ASKS = Limit("sign-in-ask", 30, HOUR)  # of a network, whatever is typed
PASSKEY_ASKS = Limit("passkey-ask", 60, HOUR)  # of a network
ACCOUNTS_MADE = Limit(
    "account-made",
    10,
    DAY,
    "Many accounts were made from where you are today. Please come back tomorrow.",
)
SECOND_CODES = Limit(
    "second-code", 5, 15 * 60, "Those were too many wrong codes. Wait 15 minutes, then try again."
)
CHALLENGES = Limit("challenge", 1, 5 * 60)  # of a challenge itself: it is answered once
FIRST_PLACE = Limit("first-place", 1, 30 * DAY)
CORRECTIONS = Limit("correction", 3, DAY)
MOVES = Limit(
    "move",
    1,
    30 * DAY,
    "You moved less than 30 days ago. That keeps people from searching for somebody by moving "
    "around. You can choose a larger area, hide or remove yourself at any time.",
)
NEW_ACCOUNT = Limit("new-account", 0, 7 * DAY)
NEW_PEOPLE = Limit(
    "new-people", 5, DAY, "You can ask 5 new people a day. Tomorrow you can ask again."
)
NEW_PEOPLE_AT_FIRST = Limit(
    "new-people-at-first",
    2,
    DAY,
    "In your first week here you can ask 2 new people a day. Tomorrow you can ask again.",
)
REPORTS = Limit(
    "report",
    20,
    DAY,
    "You have reported 20 things today, and moderators look at each. Tomorrow you can report "
    "again. If somebody is in danger now, call the emergency number of your country.",
)
ANSWERS = Limit("answer", 20, DAY, "You have written a lot today. Tomorrow you can write again.")
STORIES = Limit("story", 3, DAY, "You have sent three stories today. Tomorrow you can send more.")
QUESTIONS = Limit(
    "question", 3, DAY, "You can ask three questions a day. Tomorrow you can ask more."
)
VOTES = Limit("vote", 200, DAY, "That were many votes for a day. Tomorrow you can go on.")
TREATMENTS = Limit(
    "treatment", 3, DAY, "You can propose three treatments a day. Tomorrow you can propose more."
)
TRIED = Limit("tried", 60, DAY, "That were many changes for a day. Tomorrow you can go on.")
NEARBY_MEMBER = Limit("nearby-member", 60, HOUR)
NEARBY_VISITOR = Limit("nearby-visitor", 20, HOUR)


def use(
    session: Session, secret: str, limit: Limit, *subject: str | int, now: int | None = None
) -> None:
    """Count one use of ``limit`` by ``subject``.

    Raises:
        LimitError: when nothing is left; then nothing is counted.
    """
    if not try_use(session, secret, limit, *subject, now=now):
        raise LimitError(limit.message)


def try_use(
    session: Session, secret: str, limit: Limit, *subject: str | int, now: int | None = None
) -> bool:
    """Count one use and return True, or return False when nothing is left."""
    moment = int(time.time()) if now is None else now
    key = keyed_hash(secret, "quota", limit.name, *subject)
    row = _row(session, key)
    if row is None and _insert(session, key, 1, limit.window_end(moment)):
        return True
    row = row or _row(session, key)  # two first uses at once: the other one made the row
    used, ends = row if row else (0, 0)
    if ends <= moment:
        used, ends = 0, limit.window_end(moment)
    if used >= limit.most:
        return False
    session.execute(update(Quota).where(Quota.subject == key).values(used=used + 1, ends=ends))
    return True


def open_window(
    session: Session, secret: str, limit: Limit, *subject: str | int, now: int | None = None
) -> None:
    """Open the window of ``limit`` now, without a use; an open one stays as it is."""
    moment = int(time.time()) if now is None else now
    key = keyed_hash(secret, "quota", limit.name, *subject)
    row = _row(session, key)
    if row is None:
        _insert(session, key, 0, limit.window_end(moment))
    elif row[1] <= moment:
        values = {"used": 0, "ends": limit.window_end(moment)}
        session.execute(update(Quota).where(Quota.subject == key).values(**values))


def use_up(
    session: Session, secret: str, limit: Limit, *subject: str | int, now: int | None = None
) -> None:
    """Leave nothing of ``limit`` in a window that opens now."""
    moment = int(time.time()) if now is None else now
    key = keyed_hash(secret, "quota", limit.name, *subject)
    values = {"used": limit.most, "ends": limit.window_end(moment)}
    if _row(session, key) is None and _insert(session, key, **values):
        return
    session.execute(update(Quota).where(Quota.subject == key).values(**values))


def is_open(
    session: Session, secret: str, limit: Limit, *subject: str | int, now: int | None = None
) -> bool:
    """Whether the window of ``limit`` is open for ``subject``."""
    moment = int(time.time()) if now is None else now
    row = _row(session, keyed_hash(secret, "quota", limit.name, *subject))
    return row is not None and row[1] > moment


def has_left(
    session: Session, secret: str, limit: Limit, *subject: str | int, now: int | None = None
) -> bool:
    """Whether one more use of ``limit`` by ``subject`` would be taken; nothing is counted."""
    moment = int(time.time()) if now is None else now
    row = _row(session, keyed_hash(secret, "quota", limit.name, *subject))
    return row is None or row[1] <= moment or row[0] < limit.most


def visitor_subject(address: str, now: int | None = None) -> str:
    """Return what stands for a visitor for one day; ``use`` hashes it, nothing stores it.

    Whoever has one IPv6 address has 2**64 of them, so all of a network stand for one visitor.
    """
    day = (int(time.time()) if now is None else now) // DAY
    return f"{day}/{_network(address)}"


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), IPV6_NETWORK), strict=False))


def _row(session: Session, key: str) -> tuple[int, int] | None:
    found = session.execute(
        select(Quota.used, Quota.ends).where(Quota.subject == key).with_for_update()
    ).first()
    return (found.used, found.ends) if found else None


def _insert(session: Session, key: str, used: int, ends: int) -> bool:
    try:
        with session.begin_nested():
            session.execute(insert(Quota).values(subject=key, used=used, ends=ends))
    except IntegrityError:
        return False
    return True
