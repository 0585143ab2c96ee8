"""Passkeys: adding them, signing in with them, removing them.

A passkey is accepted only if the device has verified the person (by fingerprint, face or PIN), so
it counts as two factors. py_webauthn does the cryptography; this file has the rules around it.
"""

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.mail.notices import warn
from mapapp.domain.account.relying_party import RelyingParty, relying_party
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.keyed_hash import keyed_digest
from mapapp.errors import N_, BadInputError, NotAllowedError, NotFoundError
from mapapp.first_use import OnFirstUse
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.sign_in import Passkey

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import structs
    from webauthn.registration.verify_registration_response import VerifiedRegistration
else:
    webauthn = OnFirstUse("webauthn")  # with the decoders of certificates of all kinds
    structs = OnFirstUse("webauthn.helpers.structs")

CHALLENGE_SECONDS = 5 * 60
CHALLENGE_BYTES = 32
MOST_PASSKEYS = 10  # passkeys of one member
LONGEST_CREDENTIAL = 1023  # bytes, says the standard

Found = Row[int, int, bytes, int]
"""A stored passkey: ``id``, ``member_id``, ``public_key``, ``sign_count``."""


class PasskeyRefusedError(NotAllowedError):
    """Anything wrong with a passkey; the refusal tells an attacker nothing more."""

    def __init__(self) -> None:
        super().__init__(N_("This passkey was not accepted. Try again, or sign in by email."))


@dataclass(frozen=True)
class MyPasskey:
    """A passkey as its owner sees it."""

    public_id: str
    name: str
    month: str


@dataclass(frozen=True)
class Ceremony:
    """Options for the browser, and the challenge that its response must contain."""

    options: dict[str, Any]
    challenge: bytes


def offer_new(ctx: Context, member_id: int) -> Ceremony:
    """Return what a browser needs to create a passkey for the member.

    Raises:
        BadInputError: on a site without a host name, and when the member has the most allowed.
    """
    party = _party(ctx.settings)
    known = _credentials(ctx.session, member_id)
    if len(known) >= MOST_PASSKEYS:
        raise BadInputError(
            N_("You have %(most)s passkeys. Remove one before you add another."), most=MOST_PASSKEYS
        )
    account_id = ctx.session.scalars(select(Member.account_id).where(Member.id == member_id)).one()
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=ctx.settings.site_name,
        user_id=user_handle(ctx.settings, account_id),
        # Devices show this when they offer passkeys: a pseudonym would tell of a map.
        user_name=ctx.settings.site_name,
        challenge=challenge,
        timeout=CHALLENGE_SECONDS * 1000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return Ceremony(json.loads(webauthn.options_to_json(options)), challenge)


def add(ctx: Context, member_id: int, challenge: bytes, answer: str, device: str) -> None:
    """Store the public half of the browser's new passkey, and tell the member by mail.

    Args:
        challenge: of the ceremony that this member's browser was offered.
        answer: the browser's credential as JSON.
        device: what the passkey is called.

    Raises:
        PasskeyRefusedError: whatever is wrong with the answer.
    """
    _use_up(ctx, challenge)
    made = _verified_new(_party(ctx.settings), challenge, answer)
    values = {
        "member_id": member_id,
        "credential": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "name": device,
        "month": this_month(),
    }
    try:
        with ctx.session.begin_nested():
            ctx.session.execute(insert(Passkey).values(**values))
    except IntegrityError:  # another passkey has this name; a device's own are left out
        raise PasskeyRefusedError from None
    warn(ctx, member_id, "sign_in_added")


def offer_use(ctx: Context, member_id: int | None = None) -> Ceremony:
    """Return what a browser needs to use a passkey: any (the default), or one of the member's.

    Raises:
        BadInputError: on a site without a host name.
    """
    party = _party(ctx.settings)
    mine = _credentials(ctx.session, member_id) if member_id else []
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=CHALLENGE_SECONDS * 1000,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in mine],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(json.loads(webauthn.options_to_json(options)), challenge)


def use(ctx: Context, challenge: bytes, answer: str, member_id: int | None = None) -> int:
    """Return whose passkey answered; with ``member_id``, only theirs will do.

    The credential's unique id identifies the account, not the handle that the device keeps: the
    handle changes with the site's key, and passkeys must outlast that.

    Raises:
        PasskeyRefusedError: whatever is wrong with the answer, the passkey or the account.
    """
    _use_up(ctx, challenge)
    row = _passkey_of(ctx.session, answer)
    if row is None or (member_id is not None and row.member_id != member_id):
        raise PasskeyRefusedError
    count = _verified_count(_party(ctx.settings), challenge, answer, row)
    ctx.session.execute(update(Passkey).where(Passkey.id == row.id).values(sign_count=count))
    return int(row.member_id)


def my_passkeys(session: Session, member_id: int) -> list[MyPasskey]:
    """Return the member's passkeys, the oldest month first."""
    query = select(Passkey.public_id, Passkey.name, Passkey.month)
    mine = query.where(Passkey.member_id == member_id).order_by(Passkey.month, Passkey.public_id)
    return [MyPasskey(*row) for row in session.execute(mine)]


def remove(ctx: Context, member_id: int, public_id: str) -> None:
    """Remove a passkey and tell the member by mail.

    Raises:
        NotFoundError: when the member has no such passkey.
    """
    gone = ctx.session.execute(
        delete(Passkey).where(Passkey.member_id == member_id, Passkey.public_id == public_id)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError(N_("You have no such passkey."))
    warn(ctx, member_id, "sign_in_removed")


def user_handle(settings: Settings, public_id: str) -> bytes:
    """Return the handle by which devices tell members' passkeys apart."""
    return keyed_digest(settings.secret, "passkey-user", public_id)


def _party(settings: Settings) -> RelyingParty:
    party = relying_party(settings.base_url)
    if not party.id:
        raise BadInputError(
            N_("This site’s address is a number, not a name, so it cannot use passkeys.")
        )
    return party


def _credentials(session: Session, member_id: int) -> list[bytes]:
    query = select(Passkey.credential).where(Passkey.member_id == member_id)
    return list(session.scalars(query.order_by(Passkey.public_id)))


def _use_up(ctx: Context, challenge: bytes) -> None:
    # The browser's session forgets a challenge only when it is stored; of two requests at once
    # that brought the same answer, this lets one pass.
    if not quotas.try_use(ctx, quotas.CHALLENGES, challenge.hex()):
        raise PasskeyRefusedError


def _passkey_of(session: Session, answer: str) -> Found | None:
    """Return the passkey that a response names, if its account is open."""
    try:
        credential = webauthn.helpers.parse_authentication_credential_json(answer).raw_id
    except Exception:
        raise PasskeyRefusedError from None
    query = (
        select(Passkey.id, Passkey.member_id, Passkey.public_key, Passkey.sign_count)
        .join(Member, Member.id == Passkey.member_id)
        .where(Passkey.credential == credential, Member.active.is_(True))
        .with_for_update(of=Passkey)
    )
    return session.execute(query).one_or_none()


# What a stranger sends can break in the library's hands in every way, from its own errors to those
# of the decoders below it. To us all of them say the same, so all of them are caught.


def _verified_new(party: RelyingParty, challenge: bytes, answer: str) -> "VerifiedRegistration":
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:
        raise PasskeyRefusedError from None
    if len(made.credential_id) > LONGEST_CREDENTIAL:
        raise PasskeyRefusedError
    return made


def _verified_count(party: RelyingParty, challenge: bytes, answer: str, row: Found) -> int:
    """Return the passkey's use count, which must have grown.

    Devices that do not count always say 0, which is accepted as long as it was never more.
    """
    try:
        used = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except Exception:
        raise PasskeyRefusedError from None
    return used.new_sign_count
