"""Anything sent instead of a passkey's response is refused, and breaks nothing."""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url

from mapapp.actions.account import passkey_register
from mapapp.actions.account.passkey_register import PasskeyRefusedError
from mapapp.actions.core.context import Context
from mapapp.domain.account.relying_party import RelyingParty
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests.authenticator import Device

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=8,
)


def _mangled(answer: str, path: str, junk: Any) -> str:
    inside = json.loads(answer)
    place = inside["response"] if path in inside["response"] else inside
    place[path] = junk
    return json.dumps(inside)


PARTS = ["id", "rawId", "type", "response", "clientDataJSON", "attestationObject"]


@given(junk=JSON, part=st.sampled_from(PARTS))
def test_junk_is_a_refusal_and_no_mistake_of_ours(junk: Any, part: str) -> None:
    party = RelyingParty("localhost", "http://localhost:8000")
    device, challenge = Device(), os.urandom(32)
    options = {"challenge": bytes_to_base64url(challenge), "user": {"id": "cm9iaW4"}}
    answer = device.create(options)
    assert (
        passkey_register._verified_new(party, challenge, answer).credential_id == device.credential
    )
    for text in (json.dumps(junk), str(junk), _mangled(answer, part, junk)):
        with pytest.raises(PasskeyRefusedError):
            passkey_register._verified_new(party, challenge, text)


@pytest.mark.parametrize("junk", ["", "{", "[]", "null", "{}", "[" * 100_000, "\ud800", "1e999"])
def test_junk_signs_nobody_in(
    session: Session, settings: Settings, make_member: Callable[..., Member], junk: str
) -> None:
    member = make_member()
    offer = passkey_register.offer_use(Context(session, settings))
    with pytest.raises(PasskeyRefusedError):
        passkey_register.use(Context(session, settings), offer.challenge, junk)
    offer = passkey_register.offer_new(Context(session, settings), member.id)
    with pytest.raises(PasskeyRefusedError):
        passkey_register.add(Context(session, settings), member.id, offer.challenge, junk, "")
