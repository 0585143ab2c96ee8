"""Limits of privacy rule 6, kept in the database and so shared by all processes.

A row is named by a keyed hash of the limit and its subject. Without the site's key it links to
nobody, and the end of its window is rounded so that it does not reveal when something was done.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.networks import network_of
from mapapp.domain.core.keyed_hash import keyed_hash
from mapapp.errors import N_, NO_WORDS, LimitError, Words
from mapapp.store.limits import Quota
from mapapp.store.members import Member

HOUR, DAY = 3600, 86_400

A_LOT = N_("That was a lot in a short time. Please try again a little later.")
A_LOT_THIS_HOUR = N_("That was a lot in a short time. Try again in about an hour.")


@dataclass(frozen=True)
class Limit:
    """``most`` uses in a window of ``seconds`` that opens with the first use."""

    name: str
    most: int
    seconds: int
    words: Words = NO_WORDS

    @property
    def message(self) -> Words:
        """What is said when nothing is left; if the limit has no words of its own, until when."""
        return self.words or (A_LOT_THIS_HOUR if self.seconds == HOUR else A_LOT)

    def window_end(self, now: int) -> int:
        """Return when a window that opens at ``now`` ends, rounded up (never less for anyone)."""
        grain = DAY if self.seconds > DAY else HOUR if self.seconds == DAY else 60
        return -(-(now + self.seconds) // grain) * grain

    def one_more(self, used: int, ends: int, now: int) -> tuple[int, int] | None:
        """Return uses and end of the window after one more use, or None when nothing is left."""
        if ends <= now:
            used, ends = 0, self.window_end(now)
        return (used + 1, ends) if used < self.most else None


SIGN_IN_LINKS = Limit("sign-in-link", 3, HOUR)
WRONG_CODES = Limit("wrong-code", 10, DAY)
SIGN_IN_ASKS = Limit("sign-in-ask", 30, HOUR)  # of a network, whatever is typed
KEPT_TEXTS = Limit("kept-text", 20, HOUR)  # of a network, for forms kept through signing in
PASSKEY_ASKS = Limit("passkey-ask", 60, HOUR)  # of a network
ACCOUNTS_MADE = Limit(
    "account-made",
    10,
    DAY,
    N_("Many accounts were created from your network today. Please come back tomorrow."),
)
ADDRESS_CHANGES = Limit(
    "address-change",
    3,
    DAY,
    N_("You have asked for another address three times today. You can ask again tomorrow."),
)
SECOND_CODES = Limit(
    "second-code", 5, 15 * 60, N_("That was too many wrong codes. Wait 15 minutes, then try again.")
)
CHALLENGES = Limit("challenge", 1, 5 * 60)  # of a challenge itself: it is answered once
FIRST_PLACE = Limit("first-place", 1, 30 * DAY)
CORRECTIONS = Limit("correction", 3, DAY)
MOVES = Limit(
    "move",
    1,
    30 * DAY,
    N_(
        "You moved less than 30 days ago. This limit stops people from searching for "
        "someone by moving around. You can choose a larger area, hide or remove yourself "
        "at any time."
    ),
)
NEW_ACCOUNT = Limit("new-account", 0, 7 * DAY)
NEW_PEOPLE = Limit(
    "new-people", 5, DAY, N_("You can ask 5 new people a day. You can ask again tomorrow.")
)
NEW_PEOPLE_AT_FIRST = Limit(
    "new-people-at-first",
    2,
    DAY,
    N_("In your first week here you can ask 2 new people a day. You can ask again tomorrow."),
)
REPORTS = Limit(
    "report",
    20,
    DAY,
    N_(
        "You have reported 20 things today, and moderators look at each. You can report "
        "again tomorrow. If someone is in danger now, call your country’s emergency number."
    ),
)
ANSWERS = Limit(
    "answer", 20, DAY, N_("You have written a lot today. You can write again tomorrow.")
)
STORIES = Limit(
    "story", 3, DAY, N_("You have sent three stories today. You can send more tomorrow.")
)
QUESTIONS = Limit(
    "question", 3, DAY, N_("You can ask three questions a day. You can ask more tomorrow.")
)
QUESTIONS_TAKEN = Limit(
    "question-taken", 10, DAY, N_("You have opened ten questions today. Open more tomorrow.")
)
MESSAGES = Limit(  # of a member in a conversation: two people who chat do not come near it
    "message",
    60,
    10 * 60,
    N_("You have sent a lot of messages in a short time. Wait ten minutes, then send this one."),
)
VOTE_LIMIT = Limit("vote", 200, DAY, N_("You have voted a lot today. You can vote again tomorrow."))
PROPOSAL_LIMIT = Limit(
    "treatment",
    3,
    DAY,
    N_("You can propose three treatments a day. You can propose more tomorrow."),
)
TREATMENT_LIMIT = Limit(
    "tried", 60, DAY, N_("You have made a lot of changes today. You can make more tomorrow.")
)
ADVISER_OFFERS = Limit("adviser-offer", 3, 30 * DAY, N_("You can offer three times in 30 days."))
CASE_MAIL = Limit("case-mail", 1, HOUR)  # of the site: all moderators are told together
LOOK_UPS = Limit(
    "look-up", 20, DAY, N_("You have looked up 20 people today. You can look up more tomorrow.")
)
MAPS_MADE = Limit("map-made", 20, HOUR)  # as one file, which takes a third of a second
NEARBY_MEMBER = Limit("nearby-member", 60, HOUR)
NEARBY_VISITOR = Limit("nearby-visitor", 20, HOUR)
LASTING_NO = Limit("lasting-no", 1, 364 * DAY)  # of two numbers: who asked, and who said it
DONE = Limit("done", 1, 10 * 60)  # of a form as one browser sent it
NAMED_IN_NO = Limit("named-in-no", 1, 364 * DAY)  # so that the number lasts as long

OF_PLACES = (FIRST_PLACE, CORRECTIONS, MOVES)
"""Limits of a member and a condition."""
OF_MEMBERS = (
    SECOND_CODES,
    ADDRESS_CHANGES,
    NEW_ACCOUNT,
    NEW_PEOPLE,
    NEW_PEOPLE_AT_FIRST,
    REPORTS,
    ANSWERS,
    STORIES,
    QUESTIONS,
    QUESTIONS_TAKEN,
    VOTE_LIMIT,
    PROPOSAL_LIMIT,
    TREATMENT_LIMIT,
    ADVISER_OFFERS,
    MAPS_MADE,
    NEARBY_MEMBER,
)
"""Limits of a member alone. Both outlast the erasure of the account (privacy rule 8)."""
_COUNTED_BY_NUMBER = frozenset(limit.name for limit in (*OF_PLACES, *OF_MEMBERS))


def use(ctx: Context, limit: Limit, *subject: str | int) -> None:
    """Count one use of ``limit`` by ``subject``.

    Raises:
        LimitError: when nothing is left; then nothing is counted.
    """
    if not try_use(ctx, limit, *subject):
        raise LimitError(limit.message)


def try_use(ctx: Context, limit: Limit, *subject: str | int) -> bool:
    """Count one use and return True, or return False when nothing is left."""
    dialect = postgresql if ctx.session.connection().dialect.name == "postgresql" else sqlite
    first = {"subject": _key(ctx, limit, subject), "used": 1, "ends": limit.window_end(ctx.now)}
    adding = dialect.insert(Quota).values(**first)
    is_over = Quota.ends <= ctx.now
    # One statement, so that of two uses at once none is lost; without a row nothing was left.
    counted = adding.on_conflict_do_update(
        index_elements=["subject"],
        set_={
            "used": case((is_over, 1), else_=Quota.used + 1),
            "ends": case((is_over, adding.excluded.ends), else_=Quota.ends),
        },
        where=is_over | (Quota.used < limit.most),
    )
    return ctx.session.execute(counted.returning(Quota.used)).first() is not None


def give_back(ctx: Context, limit: Limit, *subject: str | int) -> None:
    """Take back one use of ``limit`` by ``subject``, if its window is still open."""
    counted = (Quota.subject == _key(ctx, limit, subject), Quota.used > 0, Quota.ends > ctx.now)
    ctx.session.execute(update(Quota).where(*counted).values(used=Quota.used - 1))


def open_window(ctx: Context, limit: Limit, *subject: str | int) -> None:
    """Open the window of ``limit`` now, without a use; an open one stays as it is."""
    key = _key(ctx, limit, subject)
    row = _row(ctx.session, key)
    if row is None:
        _insert(ctx.session, key, 0, limit.window_end(ctx.now))
    elif row[1] <= ctx.now:
        values = {"used": 0, "ends": limit.window_end(ctx.now)}
        ctx.session.execute(update(Quota).where(Quota.subject == key).values(**values))


def use_up(ctx: Context, limit: Limit, *subject: str | int) -> None:
    """Use up ``limit`` in a window that opens now."""
    key = _key(ctx, limit, subject)
    values = {"used": limit.most, "ends": limit.window_end(ctx.now)}
    if _row(ctx.session, key) is None and _insert(ctx.session, key, **values):
        return
    ctx.session.execute(update(Quota).where(Quota.subject == key).values(**values))


def is_open(ctx: Context, limit: Limit, *subject: str | int) -> bool:
    """Whether the window of ``limit`` is open for ``subject``; nothing is locked."""
    named = Quota.subject == _key(ctx, limit, subject)
    return ctx.session.scalar(select(Quota.used).where(named, Quota.ends > ctx.now)) is not None


def has_left(ctx: Context, limit: Limit, *subject: str | int) -> bool:
    """Whether ``limit`` allows ``subject`` one more use; nothing is counted."""
    row = _row(ctx.session, _key(ctx, limit, subject))
    return row is None or row[1] <= ctx.now or row[0] < limit.most


def uses_left(ctx: Context, limit: Limit, *subject: str | int) -> int:
    """Return how many uses of ``limit`` are left, for a reader who locks nothing."""
    named = (Quota.subject == _key(ctx, limit, subject), Quota.ends > ctx.now)
    used = ctx.session.scalar(select(Quota.used).where(*named)) or 0
    return max(limit.most - used, 0)


def number_of(session: Session, member_id: int) -> int:
    """Return the number under which a member's limits are counted.

    It is that of an earlier account with the same address, where limits outlasted its erasure.
    """
    before = session.scalar(select(Member.counted_as).where(Member.id == member_id))
    return member_id if before is None else before


def last_end(ctx: Context, member_id: int, conditions: Iterable[int]) -> int:
    """Return when the last running limit of a member ends (Unix seconds), 0 where none runs."""
    places = [(limit, one) for limit in OF_PLACES for one in conditions]
    keys = [_key(ctx, limit, (member_id,)) for limit in OF_MEMBERS]
    keys += [_key(ctx, limit, (member_id, one)) for limit, one in places]
    keys.append(_key(ctx, NAMED_IN_NO, (number_of(ctx.session, member_id),)))
    running = (Quota.subject.in_(keys), Quota.ends > ctx.now)
    return ctx.session.scalar(select(func.max(Quota.ends)).where(*running)) or 0


def visitor_subject(address: str, now: int | None = None) -> str:
    """Return what identifies a visitor for one day; ``use`` hashes it, nothing stores it."""
    day = (int(time.time()) if now is None else now) // DAY
    return f"{day}/{network_of(address)}"


def _key(ctx: Context, limit: Limit, subject: tuple[str | int, ...]) -> str:
    member_id, *rest = subject
    if limit.name in _COUNTED_BY_NUMBER and isinstance(member_id, int):  # else it is of a visitor
        subject = (number_of(ctx.session, member_id), *rest)
    return key_of(ctx, limit, *subject)


def key_of(ctx: Context, limit: Limit, *subject: str | int) -> str:
    """Return the name of a row; ``subject`` begins with ``number_of`` where a member is meant."""
    return keyed_hash(ctx.settings.secret, "quota", limit.name, *subject)


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
