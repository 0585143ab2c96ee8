from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.member_addresses import (
    address_of,
    change_key,
    find_member,
    find_or_make_member,
    keys_of,
)
from mapapp.domain.mail.sealed_addresses import AddressKeys
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from tests.factories import ADDRESS_KEY
from tests.mail import waiting_mail

NEW_KEY = "the next key for addresses, long enough to be one"
ROBIN, WREN = "robin@example.org", "wren@example.org"
NEWS = MailText("News", "Something is waiting.\n")


@pytest.fixture
def changing(settings: Settings) -> Settings:
    """The site's settings while its key is being changed."""
    return settings.model_copy(update={"address_key": NEW_KEY, "old_address_keys": ADDRESS_KEY})


@pytest.fixture
def changed(settings: Settings) -> Settings:
    """The site's settings afterwards."""
    return settings.model_copy(update={"address_key": NEW_KEY})


def _stored(session: Session) -> list[tuple[str | None, ...]]:
    """Return everything stored about addresses, as it is stored."""
    members = select(Member.address_mark, Member.address_sealed).order_by(Member.id)
    mails = select(Outbox.to_mark, Outbox.sealed).order_by(Outbox.id)
    return [tuple(row) for query in (members, mails) for row in session.execute(query)]


def test_a_member_is_found_by_the_address_and_nobody_by_another(
    session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    make_member(email=None)
    robin = make_member(email=ROBIN)
    assert find_member(Context(session, settings), ROBIN) == robin.id
    assert find_member(Context(session, settings), " Robin@Example.org ") == robin.id
    assert find_member(Context(session, settings), WREN) is None


def test_a_member_is_found_under_an_old_key(
    session: Session,
    settings: Settings,
    changing: Settings,
    changed: Settings,
    make_member: Callable[..., Member],
) -> None:
    robin = make_member(email=ROBIN)
    assert find_member(Context(session, changing), ROBIN) == robin.id
    assert address_of(Context(session, changing), robin.id) == ROBIN
    assert find_or_make_member(Context(session, changing), ROBIN) == robin.id
    assert find_member(Context(session, changed), ROBIN) is None


def test_a_member_is_made_once(session: Session, settings: Settings) -> None:
    first = find_or_make_member(Context(session, settings), "Robin@example.org")
    assert find_or_make_member(Context(session, settings), ROBIN) == first
    assert find_member(Context(session, settings), ROBIN) == first
    assert address_of(Context(session, settings), first) == ROBIN
    assert session.scalar(select(func.count()).select_from(Member)) == 1


def test_what_is_stored_holds_no_address(session: Session, settings: Settings) -> None:
    find_or_make_member(Context(session, settings), ROBIN)
    outbox.queue(Context(session, settings), ROBIN, NEWS)
    held = str(_stored(session))
    for telling in ("robin", "example", "waiting"):
        assert telling not in held


def test_closed_accounts_and_people_without_an_address_have_none(
    session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    closed = make_member(email=ROBIN, active=False)
    without = make_member(email=None)
    wren = make_member(email=WREN)
    assert address_of(Context(session, settings), closed.id) is None
    assert address_of(Context(session, settings), without.id) is None
    assert address_of(Context(session, settings), wren.id + 1) is None
    assert address_of(Context(session, settings), wren.id) == WREN


@pytest.mark.both
def test_after_a_change_of_key_only_the_new_one_is_needed(
    session: Session,
    settings: Settings,
    changing: Settings,
    changed: Settings,
    make_member: Callable[..., Member],
) -> None:
    robin, wren = make_member(email=ROBIN), make_member(email=WREN)
    make_member(email=None)
    for to in (ROBIN, outbox.NO_RECEIVER):
        outbox.queue(Context(session, settings), to, NEWS)
    assert change_key(session, keys_of(changing)) == 2
    assert find_member(Context(session, changed), ROBIN) == robin.id
    assert address_of(Context(session, changed), robin.id) == ROBIN
    assert address_of(Context(session, changed), wren.id) == WREN
    mails = [(m.to, m.subject, m.body) for m in waiting_mail(session, changed)]
    assert mails == [(ROBIN, NEWS.subject, NEWS.body), ("", NEWS.subject, NEWS.body)]
    assert find_member(Context(session, settings), ROBIN) is None
    with pytest.raises(BadInputError):
        address_of(Context(session, settings), robin.id)
    with pytest.raises(BadInputError):
        waiting_mail(session, settings)


def test_a_change_of_key_marks_waiting_mail_anew(
    session: Session, settings: Settings, changing: Settings, changed: Settings
) -> None:
    """The mark finds the mail of a member who leaves."""
    outbox.queue(Context(session, settings), ROBIN, NEWS)
    change_key(session, keys_of(changing))
    assert session.scalars(select(Outbox.to_mark)).one() == keys_of(changed).mark(ROBIN)


def test_a_change_of_key_may_be_repeated(
    session: Session, changing: Settings, changed: Settings, make_member: Callable[..., Member]
) -> None:
    robin = make_member(email=ROBIN)
    outbox.queue(Context(session, changing), ROBIN, NEWS)
    assert [change_key(session, keys_of(changing)) for _ in range(2)] == [1, 1]
    assert address_of(Context(session, changed), robin.id) == ROBIN
    assert [mail.to for mail in waiting_mail(session, changed)] == [ROBIN]


@pytest.mark.parametrize("lost", ["member", "mail"])
def test_a_change_without_the_right_key_changes_nothing(
    session: Session, settings: Settings, changed: Settings, lost: str
) -> None:
    """It is refused even if all but one thing could be encrypted again."""
    find_or_make_member(Context(session, changed), WREN)
    find_or_make_member(Context(session, settings if lost == "member" else changed), ROBIN)
    outbox.queue(Context(session, settings if lost == "mail" else changed), ROBIN, NEWS)
    session.commit()
    before = _stored(session)
    unknown = AddressKeys(("a key that sealed nothing on this site", NEW_KEY))
    with pytest.raises(BadInputError, match="no longer set"):
        change_key(session, unknown)
    session.rollback()
    assert _stored(session) == before
