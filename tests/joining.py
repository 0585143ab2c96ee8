"""Somebody who joins without an account, step by step."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.settings import Settings
from mapapp.store.members import Membership
from tests.forms import forms, place_form
from tests.mail import newest_mail

PAGE = "/conditions/dystonia/join"
ROBIN = "robin@example.org"


class Joiner:
    """Somebody without an account, with a browser and a mailbox."""

    def __init__(self, app: Flask, session: Session, settings: Settings) -> None:
        self.app, self.session, self.settings = app, session, settings
        self.browser = app.test_client()

    def choose(self, email: str = ROBIN, **changes: object) -> str:
        """Send the form; return the path of the link in the mail."""
        answer = self.browser.post(PAGE, data=join_form(email=email, **changes))
        assert (answer.status_code, answer.location) == (303, "/sign-in/code")
        self.session.rollback()
        return self.link()

    def link(self) -> str:
        """Return the path of the link in the newest mail."""
        mail = newest_mail(self.session, self.settings)
        link = re.search(r"http://[^/]+(/sign-in/link/\S+)", mail.body)
        assert link
        return link[1]

    def code(self) -> str:
        """Return the code of the newest mail."""
        found = re.search(r"^(\d{6})$", newest_mail(self.session, self.settings).body, re.M)
        assert found
        return found[1]

    def agree(self, link: str, browser: FlaskClient | None = None, **changes: object) -> str:
        """Press the button on the page of the link; return where it leads."""
        browser = browser or self.browser
        data = {**agreement(browser.get(link).text, ""), "adult": "y", **changes}
        answer = browser.post(link, data={k: v for k, v in data.items() if v is not None})
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def places(self) -> list[Membership]:
        """Return all places there are."""
        self.session.rollback()
        return list(self.session.scalars(select(Membership)))


def join_form(**changes: object) -> dict[str, object]:
    """Return what the form for joining sends."""
    form = {name: value for name, value in place_form().items() if name != "words"}
    return {**form, "email": ROBIN, **changes}


def agreement(page: str, action: str) -> dict[str, str]:
    """Return the fields of the form to agree with that stands on a page."""
    (form,) = [one for one in forms(page) if one.action == action and "words" in one.fields]
    return dict(form.fields)
