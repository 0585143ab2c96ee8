"""Acts first lock the members they concern, two members always in the same order.

Anything else such a member does then happens before or after the act, and two members who act on
each other at the same moment never deadlock.
"""

from typing import Any, TypeVarTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from mapapp.store.members import Member

Ts = TypeVarTuple("Ts")
_HELD = "mapapp_held_member"


def locked(query: Select[*Ts], of: Any = None) -> Select[*Ts]:
    """Return a query of rows that are taken until the transaction ends, and read anew.

    ``of``: the table whose rows are taken, where a query joins others.
    """
    return query.with_for_update(of=of).execution_options(populate_existing=True)


def hold_member(session: Session, member_id: int) -> None:
    """Lock one member until the transaction ends, if this transaction has not done so."""
    if session.info.get(_HELD) != (session.get_transaction(), member_id):
        lock_members(session, member_id)
        note_held(session, member_id)


def note_held(session: Session, member_id: int) -> None:
    """Note that the present transaction has locked a member."""
    session.info[_HELD] = (session.get_transaction(), member_id)


def lock_members(session: Session, *member_ids: int | None) -> None:
    """Lock the members until the transaction ends, except those who have left."""
    wanted = [member_id for member_id in member_ids if member_id is not None]
    session.execute(
        select(Member.id).where(Member.id.in_(wanted)).order_by(Member.id).with_for_update()
    )
