"""Messages that wait for a moderator before anyone else reads them.

Words about money, cures and ways off the site are held in the first messages only: fraud comes
early. The same text to many people is held at any time.
"""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.contact.conversation_list import Sides
from mapapp.actions.core.context import Context
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.core.free_text import HELD
from mapapp.domain.core.keyed_hash import keyed_hash
from mapapp.domain.safety.case_rules import HELD_CATEGORY, MESSAGE
from mapapp.domain.safety.hold_rules import reasons_to_hold
from mapapp.domain.safety.near_duplicates import same_text
from mapapp.settings import Settings
from mapapp.store.contact import Message

FIRST_MESSAGES = 5
"""How many delivered messages of a member in a conversation count as their first ones."""
MANY = 3
"""How many conversations may get the same text within a week before the next one is held."""
SHORTEST_ALIKE = 40
"""Characters; "Hello!" and "Thank you" go to many people."""
MANY_PEOPLE = "many"


def fingerprint(settings: Settings, text: str) -> str:
    """Return a hash that equal texts share, '' for short ones; it does not reveal the text."""
    same = same_text(text)
    return keyed_hash(settings.secret, "same-text", same) if len(same) >= SHORTEST_ALIKE else ""


def why_held(ctx: Context, both: Sides, text: str, print_of: str) -> tuple[str, ...]:
    """Return the reasons to hold a message; empty if there are none."""
    early = _is_early(ctx.session, both, ctx.member_id)
    found = reasons_to_hold(text) if early else ()
    many = print_of and _talks_with(ctx, both, print_of) >= MANY
    return (*found, MANY_PEOPLE) if many else found


def hold(session: Session, message: Message, condition_id: int, why: tuple[str, ...]) -> None:
    """Open a case about a message that was not delivered."""
    # Nobody reported anything, so a moderator reads this message alone.
    evidence = {"text": message.text, "day": message.day.isoformat(), "held": list(why)}
    open_case(
        session,
        About(MESSAGE, message.public_id, message.sender_id, condition_id),
        HELD_CATEGORY,
        evidence,
    )


def _is_early(session: Session, both: Sides, writer_id: int) -> bool:
    # Those that are barred count too: their writer could tell them by what is held otherwise.
    delivered = select(func.count()).where(
        Message.conversation_id == both.conversation_id,
        Message.sender_id == writer_id,
        Message.state != HELD,
    )
    return (session.scalar(delivered) or 0) < FIRST_MESSAGES


def _talks_with(ctx: Context, both: Sides, print_of: str) -> int:
    return (
        ctx.session.scalar(
            select(func.count(func.distinct(Message.conversation_id))).where(
                Message.sender_id == ctx.member_id,
                Message.fingerprint == print_of,
                Message.conversation_id != both.conversation_id,
                Message.day > ctx.today - timedelta(days=7),
            )
        )
        or 0
    )
