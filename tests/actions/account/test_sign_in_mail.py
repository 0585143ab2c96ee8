"""A mail tells the owner of an account that a way to sign in was added or removed."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.account import consent_change, passkey_register, second_proof
from mapapp.actions.account.passkey_register import PasskeyRefusedError
from mapapp.actions.account.second_proof import WrongCodeError
from mapapp.actions.core.context import Context
from mapapp.actions.moderation import member_hide
from mapapp.domain.account import totp
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.errors import NotFoundError
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests.apps import shown, wrong
from tests.authenticator import Device
from tests.mail import waiting_mail
from tests.trust import AREAS, World

ADDED, REMOVED = "A new way to sign in", "A way to sign in was removed"
ROBIN = "robin@example.org"


class Account(World):
    """A member who changes how they sign in."""

    robin: Member

    def add_passkey(self, **lies: object) -> str:
        """Create a passkey and return its handle."""
        given = (Context(self.session, self.settings), self.robin.id)
        offer = passkey_register.offer_new(*given)
        answer = Device().create(offer.options, **lies)
        passkey_register.add(*given, offer.challenge, answer, "Firefox on Android")
        return passkey_register.my_passkeys(self.session, self.robin.id)[0].public_id

    def add_app(self, *, is_wrong: bool = False) -> None:
        """Set up an authenticator app."""
        sealed = totp.new_key(self.settings.secret)
        code = shown(self.settings, sealed)
        given = (Context(self.session, self.settings), self.robin.id)
        second_proof.set_up_authenticator(*given, sealed, wrong(code) if is_wrong else code)

    def subjects(self) -> list[str]:
        """Return the subjects of all mail; all of it is for Robin."""
        mails = waiting_mail(self.session, self.settings)
        assert {mail.to for mail in mails} <= {ROBIN}
        return [mail.subject for mail in mails]


@pytest.fixture
def account(session: Session, settings: Settings) -> Account:
    made = Account(session, settings)
    made.robin = made.somebody("public", email=ROBIN, pseudonym="Telling Robin")
    return made


def test_a_passkey_that_comes_or_goes_is_mailed(account: Account) -> None:
    handle = account.add_passkey()
    assert account.subjects() == [ADDED]
    given = (Context(account.session, account.settings), account.robin.id)
    passkey_register.remove(*given, handle)
    assert account.subjects() == [ADDED, REMOVED]
    with pytest.raises(NotFoundError):
        passkey_register.remove(*given, handle)
    assert len(account.subjects()) == 2


def test_an_app_that_comes_or_goes_is_mailed(account: Account) -> None:
    account.add_app()
    assert account.subjects() == [ADDED]
    given = (Context(account.session, account.settings), account.robin.id)
    for _ in range(2):  # the second time there is none
        second_proof.remove_authenticator(*given)
        assert account.subjects() == [ADDED, REMOVED]


def test_what_staff_take_away_in_a_shell_is_mailed_once(account: Account) -> None:
    given = (Context(account.session, account.settings), ROBIN)
    second_proof.reset(*given)
    assert account.subjects() == []
    account.add_passkey()
    account.add_app()
    second_proof.reset(*given)
    assert account.subjects() == [ADDED, ADDED, REMOVED]


def test_what_was_refused_is_not_mailed(account: Account) -> None:
    with pytest.raises(PasskeyRefusedError):
        account.add_passkey(origin="http://evil.example")
    with pytest.raises(WrongCodeError):
        account.add_app(is_wrong=True)
    assert account.subjects() == []


def _no_mail(account: Account) -> None:
    consent_change.take_back(
        Context(account.session, account.settings, AREAS), account.robin.id, MAIL, ""
    )


def _pause(account: Account) -> None:
    member_hide.pause(Context(account.session, account.settings, AREAS), account.robin.id)


@pytest.mark.parametrize("act", [_no_mail, _pause])
def test_it_goes_whatever_else_was_agreed_to(
    account: Account, act: Callable[[Account], None]
) -> None:
    act(account)
    account.add_passkey()
    assert account.subjects() == [ADDED]
    account.session.flush()


def test_it_names_nobody_and_leads_to_the_account(account: Account) -> None:
    account.add_passkey()
    (mail,) = waiting_mail(account.session, account.settings)
    assert f"{account.settings.base_url}/account\n" in mail.body
    for telling in ("robin", "dystonia", "firefox", "android", account.settings.site_name):
        assert telling.casefold() not in (mail.subject + mail.body).casefold()


def test_without_an_address_none_is_queued(account: Account) -> None:
    account.robin = account.member(email=None, source="import")
    account.add_passkey()
    assert account.subjects() == []
