"""Messages that wait for a moderator before anybody else reads them.

Words about money, cures and ways off the site are held in the first messages only: fraud comes
early. The same text to many people is held at any time.
"""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.cases import open_case
from mapapp.actions.conversations import Sides
from mapapp.domain.cases import HELD as HELD_CATEGORY
from mapapp.domain.cases import MESSAGE
from mapapp.domain.holds import reasons_to_hold
from mapapp.domain.keyed import keyed_hash
from mapapp.domain.messages import HELD
from mapapp.domain.same_text import same_text
from mapapp.settings import Settings
from mapapp.store.conversations import Message

FIRST_MESSAGES = 5
"""So many delivered messages of somebody in a conversation are its first ones."""
MANY = 3
"""In so many conversations within a week may the same text stand before the next one is held."""
SHORTEST_ALIKE = 40
"""Letters; "Hello!" and "Thank you" go to many people."""
MANY_PEOPLE = "many"


def fingerprint(settings: Settings, text: str) -> str:
    """Return what equal texts have in common, '' for short ones; it does not lead to the text."""
    same = same_text(text)
    return keyed_hash(settings.secret, "same-text", same) if len(same) >= SHORTEST_ALIKE else ""


def why_held(
    session: Session, both: Sides, writer_id: int, text: str, print_of: str, today: date
) -> tuple[str, ...]:
    """Return why a message must wait, nothing when it need not."""
    early = _is_early(session, both, writer_id)
    found = reasons_to_hold(text) if early else ()
    many = print_of and _talks_with(session, both, writer_id, print_of, today) >= MANY
    return (*found, MANY_PEOPLE) if many else found


def hold(session: Session, message: Message, why: tuple[str, ...]) -> None:
    """Open a case about a message that was not delivered."""
    # Nobody reported anything, so a moderator reads this message alone.
    evidence = {"text": message.text, "day": message.day.isoformat(), "held": list(why)}
    open_case(session, MESSAGE, message.public_id, message.sender_id, HELD_CATEGORY, evidence)


def _is_early(session: Session, both: Sides, writer_id: int) -> bool:
    delivered = select(func.count()).where(
        Message.conversation_id == both.conversation_id,
        Message.sender_id == writer_id,
        Message.state != HELD,
    )
    return (session.scalar(delivered) or 0) < FIRST_MESSAGES


def _talks_with(session: Session, both: Sides, writer_id: int, print_of: str, today: date) -> int:
    return (
        session.scalar(
            select(func.count(func.distinct(Message.conversation_id))).where(
                Message.sender_id == writer_id,
                Message.fingerprint == print_of,
                Message.conversation_id != both.conversation_id,
                Message.day > today - timedelta(days=7),
            )
        )
        or 0
    )
