import json
import re
from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.account import sign_in_link
from mapapp.actions.account.sign_in_link import TooManyCodesError, UsedLinkError, WrongCodeError
from mapapp.actions.account.waiting_place import Afterwards
from mapapp.actions.core.context import Context
from mapapp.actions.mail.delivery import UNSENT_SECONDS
from mapapp.actions.mail.member_addresses import address_of, keys_of
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.limits import Quota
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from mapapp.store.sign_in import SignInLink
from tests.at_once import outcomes
from tests.mail import newest_mail, waiting_mail

ROBIN = "robin@example.org"
SPELLINGS = (
    "ROBIN@EXAMPLE.ORG",
    " robin@example.org.",
    "mailto:robin@example.org",
    "robin＠example.org",
)


def _mail(session: Session, settings: Settings) -> tuple[str, str, str]:
    """Return receiver, token and code of the newest mail."""
    mail = newest_mail(session, settings)
    token = re.search(r"/sign-in/link/(\S+)", mail.body)
    code = re.search(r"^(\d{6})$", mail.body, re.MULTILINE)
    assert token
    assert code
    return mail.to, token[1], code[1]


def _count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_link_makes_an_account_when_it_is_used_and_not_before(
    session: Session, settings: Settings
) -> None:
    sign_in_link.request_link(
        Context(session, settings), " Robin@Example.org ", Afterwards("/places")
    )
    assert _count(session, Member) == 0
    to, token, _code = _mail(session, settings)
    assert to == "robin@example.org"
    found = sign_in_link.read_link(Context(session, settings), token)
    assert (found.email, found.after.next_path) == ("robin@example.org", "/places")
    member_id = sign_in_link.redeem_link(Context(session, settings), token)
    assert address_of(Context(session, settings), member_id) == "robin@example.org"


def test_a_known_address_signs_in_to_its_account(session: Session, settings: Settings) -> None:
    ids = []
    for address in ("robin@example.org", "ROBIN@example.org"):
        sign_in_link.request_link(Context(session, settings), address)
        token = _mail(session, settings)[1]
        ids.append(sign_in_link.redeem_link(Context(session, settings), token))
    assert ids[0] == ids[1]
    assert _count(session, Member) == 1


def test_a_link_works_once(session: Session, settings: Settings) -> None:
    sign_in_link.request_link(Context(session, settings), "robin@example.org")
    _to, token, code = _mail(session, settings)
    handle = sign_in_link.plain_hash(token)
    sign_in_link.read_link(Context(session, settings), token)  # looking does not use it up
    sign_in_link.redeem_link(Context(session, settings), token)
    with pytest.raises(UsedLinkError):
        sign_in_link.redeem_link(Context(session, settings), token)
    with pytest.raises(UsedLinkError):
        sign_in_link.redeem_code(Context(session, settings), handle, code)


def test_a_link_that_was_not_mailed_in_time_ends(session: Session, settings: Settings) -> None:
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False) as clock:
        sign_in_link.request_link(Context(session, settings), "robin@example.org")
        token = _mail(session, settings)[1]
        clock.shift(UNSENT_SECONDS - 1)
        sign_in_link.read_link(Context(session, settings), token)
        clock.shift(1)
        with pytest.raises(UsedLinkError):
            sign_in_link.read_link(Context(session, settings), token)
        with pytest.raises(UsedLinkError):
            sign_in_link.redeem_link(Context(session, settings), token)


def test_the_code_signs_in_where_it_was_asked_for(session: Session, settings: Settings) -> None:
    handle = sign_in_link.request_link(Context(session, settings), "robin@example.org")
    _to, token, code = _mail(session, settings)
    sign_in_link.redeem_code(Context(session, settings), handle, f" {code[:3]} {code[3:]} ")
    with pytest.raises(UsedLinkError):
        sign_in_link.redeem_link(Context(session, settings), token)


@pytest.mark.both
def test_a_code_of_another_sign_in_is_wrong(session: Session, settings: Settings) -> None:
    first = sign_in_link.request_link(Context(session, settings), "robin@example.org")
    code = _mail(session, settings)[2]
    second = sign_in_link.request_link(Context(session, settings), "wren@example.org")
    if _mail(session, settings)[2] != code:
        with pytest.raises(WrongCodeError):
            sign_in_link.redeem_code(Context(session, settings), second, code)
    sign_in_link.redeem_code(Context(session, settings), first, code)


def test_five_wrong_codes_end_the_code_but_not_the_link(
    session: Session, settings: Settings
) -> None:
    handle = sign_in_link.request_link(Context(session, settings), "robin@example.org")
    _to, token, code = _mail(session, settings)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(sign_in_link.CODE_TRIES - 1):
        with pytest.raises(WrongCodeError):
            sign_in_link.redeem_code(Context(session, settings), handle, wrong)
    with pytest.raises(TooManyCodesError):
        sign_in_link.redeem_code(Context(session, settings), handle, wrong)
    with pytest.raises(TooManyCodesError):
        sign_in_link.redeem_code(Context(session, settings), handle, code)
    sign_in_link.redeem_link(Context(session, settings), token)


def test_ten_wrong_codes_a_day_end_all_codes_of_an_address(
    session: Session, settings: Settings
) -> None:
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False) as clock:
        for _ in range(2):
            handle = sign_in_link.request_link(Context(session, settings), "robin@example.org")
            for _try in range(sign_in_link.CODE_TRIES):
                with pytest.raises(BadInputError):
                    sign_in_link.redeem_code(Context(session, settings), handle, "no code")
        clock.shift(7200)
        handle = sign_in_link.request_link(Context(session, settings), "robin@example.org")
        with pytest.raises(TooManyCodesError):
            sign_in_link.redeem_code(Context(session, settings), handle, "no code")


def test_the_fourth_link_in_an_hour_goes_to_nobody_and_looks_the_same(
    session: Session, settings: Settings
) -> None:
    handles = [
        sign_in_link.request_link(Context(session, settings), "robin@example.org") for _ in range(4)
    ]
    receivers = [mail.to for mail in waiting_mail(session, settings)]
    assert receivers == ["robin@example.org"] * 3 + [""]
    assert {len(handle) for handle in handles} == {64}
    assert _count(session, SignInLink) == 4
    code = _mail(session, settings)[2]
    with pytest.raises(WrongCodeError):  # it was mailed to nobody, so it is no way in
        sign_in_link.redeem_code(Context(session, settings), handles[3], code)


@pytest.mark.both
def test_a_mail_that_was_used_does_not_count(session: Session, settings: Settings) -> None:
    ctx, browser = Context(session, settings), "one browser"
    for number in range(5):
        handle = sign_in_link.request_link(ctx, ROBIN)
        to, token, code = _mail(session, settings)
        assert to == ROBIN, number
        if number % 2:
            sign_in_link.redeem_code(ctx, handle, code, browser=browser)
        else:
            sign_in_link.redeem_link(ctx, token, browser=browser)
        sign_in_link.redeem_again(ctx, browser)  # the second of two clicks gives nothing back
    for _ in range(4):
        sign_in_link.request_link(ctx, ROBIN)
    assert [mail.to for mail in waiting_mail(session, settings)][-4:] == [*[ROBIN] * 3, ""]


def test_known_and_unknown_addresses_leave_the_same_rows(
    session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    make_member(email="known@example.org")
    shapes = []
    for address in ("known@example.org", "other@example.org"):
        before = (_count(session, SignInLink), _count(session, Outbox), _count(session, Member))
        sign_in_link.request_link(Context(session, settings), address)
        after = (_count(session, SignInLink), _count(session, Outbox), _count(session, Member))
        shapes.append(tuple(b - a for a, b in zip(before, after, strict=True)))
    assert shapes == [(1, 1, 0)] * 2


def test_what_is_no_address_leaves_no_row(session: Session, settings: Settings) -> None:
    with pytest.raises(BadInputError):
        sign_in_link.request_link(Context(session, settings), "other@@example..org")
    assert [_count(session, table) for table in (SignInLink, Outbox, Quota)] == [0, 0, 0]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_all_spellings_of_an_address_count_as_one(
    session: Session, settings: Settings, spelling: str
) -> None:
    for address in (ROBIN, spelling, spelling, spelling):
        sign_in_link.request_link(Context(session, settings), address)
    assert [mail.to for mail in waiting_mail(session, settings)] == [*[ROBIN] * 3, ""]


def test_asking_never_reads_the_members(session: Session, settings: Settings) -> None:
    from sqlalchemy import event

    said: list[str] = []
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *args: said.append(args[2]))
    sign_in_link.request_link(Context(session, settings), "robin@example.org")
    session.flush()
    assert any("sign_in_link" in sentence for sentence in said)
    assert not any("member" in sentence for sentence in said)


def test_what_waits_holds_no_address_and_no_way_in(session: Session, settings: Settings) -> None:
    sign_in_link.request_link(
        Context(session, settings), "robin@example.org", Afterwards("/conditions/dystonia/place")
    )
    _to, token, code = _mail(session, settings)
    row = session.scalars(select(SignInLink)).one()
    held = f"{row.link_hash} {row.code_hash} {row.sealed} {row.waits}"
    for secret in ("robin", "example", "dystonia", token, code):
        assert secret not in held


def test_one_link_used_by_two_at_once_signs_in_one(engine: Engine, settings: Settings) -> None:
    with transaction(engine) as session:
        sign_in_link.request_link(Context(session, settings), "robin@example.org")
        session.flush()
        token = _mail(session, settings)[1]

    def _use() -> int:
        try:
            with transaction(engine) as session:
                return sign_in_link.redeem_link(Context(session, settings), token)
        except UsedLinkError:
            return 0

    results = outcomes([_use] * 4)
    assert sorted(bool(r) for r in results) == [False, False, False, True]


def test_a_link_from_before_the_upgrade_leads_where_it_was_to_lead(
    session: Session, settings: Settings
) -> None:
    ctx = Context(session, settings)
    handle = sign_in_link.request_link(ctx, ROBIN, Afterwards("/inbox"))
    _to, token, _code = _mail(session, settings)
    row = session.get_one(SignInLink, handle)
    row.sealed = keys_of(settings).seal(json.dumps({"email": ROBIN, "next": "/places"}))
    row.waits = ""
    session.flush()
    found = sign_in_link.read_link(ctx, token)
    assert (found.email, found.after) == (ROBIN, Afterwards("/places"))
    assert sign_in_link.redeem_link(ctx, token)
