"""Creating and using passkeys: that it works, and every way in which it must not."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from mapapp.actions.account import passkey_register
from mapapp.actions.account.passkey_register import PasskeyRefusedError
from mapapp.actions.core.context import Context
from mapapp.actions.core.second_factor import has_passkey
from mapapp.errors import BadInputError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.members import Member
from mapapp.store.sign_in import Passkey
from tests.at_once import outcomes
from tests.authenticator import Device

LIES: list[dict[str, Any]] = [
    {"origin": "http://localhost:8001"},
    {"origin": "https://localhost:8000"},
    {"origin": "http://127.0.0.1:8000"},
    {"origin": "http://evil.example"},
    {"rp_id": "evil.example"},
    {"rp_id": "127.0.0.1"},
    {"challenge": bytes_to_base64url(b"x" * 32)},
    {"type": "webauthn.other"},
    {"verified": False},
]


@pytest.fixture
def member(session: Session, make_member: Callable[..., Member]) -> Member:
    made = make_member(pseudonym="Robin")
    session.commit()
    return made


@pytest.fixture
def device(session: Session, settings: Settings, member: Member) -> Device:
    """A device with a passkey of ``member``."""
    return _register(session, settings, member)


def _register(session: Session, settings: Settings, member: Member, **kind: Any) -> Device:
    made = Device(**kind)
    offer = passkey_register.offer_new(Context(session, settings), member.id)
    answer = made.create(offer.options)
    passkey_register.add(
        Context(session, settings), member.id, offer.challenge, answer, "Firefox on Android"
    )
    session.commit()
    return made


def _use(session: Session, settings: Settings, device: Device, **lies: Any) -> int:
    offer = passkey_register.offer_use(Context(session, settings))
    return passkey_register.use(
        Context(session, settings), offer.challenge, device.get(offer.options, **lies)
    )


def test_what_a_browser_is_asked_to_make(
    session: Session, settings: Settings, member: Member
) -> None:
    asked = passkey_register.offer_new(Context(session, settings), member.id).options
    assert asked["rp"] == {"id": "localhost", "name": settings.site_name}
    assert asked["user"]["name"] == settings.site_name
    handle = base64url_to_bytes(asked["user"]["id"])
    assert handle == passkey_register.user_handle(settings, member.account_id)
    assert member.account_id.encode() not in handle
    chosen = asked["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert chosen["requireResidentKey"] is True
    assert asked["attestation"] == "none"
    assert asked["excludeCredentials"] == []


def test_a_nameless_member_is_called_by_the_site_alone(
    session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    asked = passkey_register.offer_new(
        Context(session, settings), make_member(pseudonym="").id
    ).options
    assert asked["user"]["name"] == asked["user"]["displayName"] == settings.site_name


def test_a_passkey_signs_its_owner_in(
    session: Session, settings: Settings, member: Member, device: Device
) -> None:
    for _ in range(2):
        assert _use(session, settings, device) == member.id
    assert session.scalars(select(Passkey.sign_count)).one() == 2
    (mine,) = passkey_register.my_passkeys(session, member.id)
    assert mine.name == "Firefox on Android"
    assert len(mine.month) == 7


def test_what_a_browser_is_asked_to_use(
    session: Session, settings: Settings, member: Member, device: Device
) -> None:
    asked = passkey_register.offer_use(Context(session, settings)).options
    assert asked["allowCredentials"] == []  # so that nobody learns from it who is known here
    assert asked["userVerification"] == "required"
    (allowed,) = passkey_register.offer_use(Context(session, settings), member.id).options[
        "allowCredentials"
    ]
    assert base64url_to_bytes(allowed["id"]) == device.credential
    (left_out,) = passkey_register.offer_new(Context(session, settings), member.id).options[
        "excludeCredentials"
    ]
    assert base64url_to_bytes(left_out["id"]) == device.credential


def test_every_challenge_is_another(session: Session, settings: Settings) -> None:
    made = {passkey_register.offer_use(Context(session, settings)).challenge for _ in range(20)}
    assert len(made) == 20
    assert {len(challenge) for challenge in made} == {32}


@pytest.mark.parametrize("lie", LIES)
def test_no_passkey_is_made_with_a_lie(
    session: Session, settings: Settings, member: Member, lie: dict[str, Any]
) -> None:
    offer = passkey_register.offer_new(Context(session, settings), member.id)
    answer = Device().create(offer.options, **lie)
    with pytest.raises(PasskeyRefusedError):
        passkey_register.add(Context(session, settings), member.id, offer.challenge, answer, "")
    assert not has_passkey(session, member.id)


@pytest.mark.parametrize("lie", [*LIES, {"signed": b"something else"}])
def test_nobody_signs_in_with_a_lie(
    session: Session, settings: Settings, device: Device, lie: dict[str, Any]
) -> None:
    with pytest.raises(PasskeyRefusedError):
        _use(session, settings, device, **lie)


def test_an_answer_counts_once(
    session: Session, settings: Settings, member: Member, device: Device
) -> None:
    offer = passkey_register.offer_use(Context(session, settings))
    answer = device.get(offer.options)
    assert passkey_register.use(Context(session, settings), offer.challenge, answer) == member.id
    with pytest.raises(PasskeyRefusedError):
        passkey_register.use(Context(session, settings), offer.challenge, answer)
    offer = passkey_register.offer_new(Context(session, settings), member.id)
    made = Device().create(offer.options)
    passkey_register.add(Context(session, settings), member.id, offer.challenge, made, "")
    with pytest.raises(PasskeyRefusedError):
        passkey_register.add(Context(session, settings), member.id, offer.challenge, made, "")


def test_an_answer_to_another_challenge_does_not_count(
    session: Session, settings: Settings, device: Device
) -> None:
    theirs, mine = (passkey_register.offer_use(Context(session, settings)) for _ in range(2))
    with pytest.raises(PasskeyRefusedError):
        passkey_register.use(Context(session, settings), mine.challenge, device.get(theirs.options))


def test_a_copied_device_is_found_out_by_its_count(
    session: Session, settings: Settings, device: Device
) -> None:
    for _ in range(3):
        _use(session, settings, device)
    for count in (1, 2, 3, 0):
        with pytest.raises(PasskeyRefusedError):
            _use(session, settings, device, count=count)
    assert _use(session, settings, device, count=9)


def test_devices_that_keep_no_count_are_taken(
    session: Session, settings: Settings, member: Member
) -> None:
    device = _register(session, settings, member, count=None)
    for _ in range(2):
        assert _use(session, settings, device) == member.id


@pytest.mark.both
def test_a_passkey_that_was_removed_signs_nobody_in(
    session: Session, settings: Settings, member: Member, device: Device
) -> None:
    (mine,) = passkey_register.my_passkeys(session, member.id)
    passkey_register.remove(Context(session, settings), member.id, mine.public_id)
    with pytest.raises(PasskeyRefusedError):
        _use(session, settings, device)


def test_nobody_removes_the_passkey_of_another(
    session: Session,
    settings: Settings,
    member: Member,
    device: Device,
    make_member: Callable[..., Member],
) -> None:
    other = make_member()
    (theirs,) = passkey_register.my_passkeys(session, member.id)
    for public_id in (theirs.public_id, "no such passkey"):
        with pytest.raises(NotFoundError):
            passkey_register.remove(Context(session, settings), other.id, public_id)
    assert _use(session, settings, device) == member.id


def test_nobody_shows_the_passkey_of_another(
    session: Session, settings: Settings, device: Device, make_member: Callable[..., Member]
) -> None:
    other = make_member()
    offer = passkey_register.offer_use(Context(session, settings), other.id)
    with pytest.raises(PasskeyRefusedError):
        passkey_register.use(
            Context(session, settings), offer.challenge, device.get(offer.options), other.id
        )


@pytest.mark.both
def test_nobody_takes_over_the_name_of_a_passkey(
    session: Session,
    settings: Settings,
    member: Member,
    device: Device,
    make_member: Callable[..., Member],
) -> None:
    other = make_member()
    session.commit()
    offer = passkey_register.offer_new(Context(session, settings), other.id)
    answer = Device(credential=device.credential).create(offer.options)
    with pytest.raises(PasskeyRefusedError):
        passkey_register.add(Context(session, settings), other.id, offer.challenge, answer, "")
    assert _use(session, settings, device) == member.id


def test_an_unknown_passkey_and_a_closed_account_are_refused_alike(
    session: Session, settings: Settings, member: Member, device: Device
) -> None:
    said = set()
    for tried in (Device(), Device(credential=device.credential), device):
        if tried is device:
            member.active = False
            session.commit()
        with pytest.raises(PasskeyRefusedError) as refusal:
            _use(session, settings, tried)
        said.add(str(refusal.value))
    assert len(said) == 1


def test_a_key_of_another_site_ends_no_passkey(
    session: Session, settings: Settings, member: Member, device: Device
) -> None:
    moved = settings.model_copy(update={"secret_key": "another secret, as long as they have to be"})
    assert _use(session, moved, device) == member.id


def test_ten_passkeys_are_enough(session: Session, settings: Settings, member: Member) -> None:
    for _ in range(passkey_register.MOST_PASSKEYS):
        _register(session, settings, member)
    with pytest.raises(BadInputError):
        passkey_register.offer_new(Context(session, settings), member.id)


def test_one_answer_sent_many_times_at_once_counts_once(
    engine: Engine, session: Session, settings: Settings, member: Member
) -> None:
    device = _register(session, settings, member, count=None)
    offer = passkey_register.offer_use(Context(session, settings))
    answer = device.get(offer.options)
    session.rollback()

    def _try() -> int:
        try:
            with transaction(engine) as other:
                return passkey_register.use(Context(other, settings), offer.challenge, answer)
        except PasskeyRefusedError:
            return 0

    results = outcomes([_try] * 4)
    assert sorted(results) == [0, 0, 0, member.id]


def test_a_site_without_a_name_has_no_passkeys(
    session: Session, settings: Settings, member: Member
) -> None:
    numbered = settings.model_copy(update={"base_url": "https://192.0.2.7"})
    with pytest.raises(BadInputError):
        passkey_register.offer_new(Context(session, numbered), member.id)
    with pytest.raises(BadInputError):
        passkey_register.offer_use(Context(session, numbered))
