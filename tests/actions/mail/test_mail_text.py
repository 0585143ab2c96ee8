"""Mails are in a language that their receiver speaks, if the site has one."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail.notices import warn
from mapapp.settings import Settings
from tests import factories
from tests.catalogues import make_language, use_folder
from tests.mail import newest_mail

SUBJECT, FIRST_LINE = "A new way to sign in", "Eine neue Art, sich anzumelden"


@pytest.mark.parametrize(
    ("offered", "spoken", "subject"),
    [
        ("en,de", ["de"], FIRST_LINE),
        ("en,de", ["fr"], SUBJECT),
        ("de,en", ["fr"], FIRST_LINE),
        ("de,en", ["de", "en"], FIRST_LINE),
        ("de,en", [], FIRST_LINE),
        ("de", ["en"], FIRST_LINE),
        ("en", ["de"], SUBJECT),
    ],
)
def test_the_receiver_is_written_to_in_a_language_of_theirs(
    session: Session,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    offered: str,
    spoken: list[str],
    subject: str,
) -> None:
    use_folder(tmp_path, monkeypatch)
    make_language("de", {SUBJECT: FIRST_LINE}, tmp_path)
    member = factories.make_member(session, languages=spoken)
    ctx = Context(session, settings.model_copy(update={"languages": offered}))
    warn(ctx, member.id, "sign_in_added")
    assert newest_mail(session, settings).subject == subject
