"""``mapapp addresses change-key``."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.member_addresses import address_of, change_key, find_member, keys_of
from mapapp.errors import BadInputError
from mapapp.settings import Settings, load_settings
from mapapp.store.members import Member
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.factories import ADDRESS_KEY
from tests.mail import waiting_mail

Shell = Callable[..., Result]
ROBIN = "robin@example.org"
NEW_KEY = "the next key for addresses and long enough to be one"
OTHER_KEY = "a key that sealed nothing at all on this site"
COMMAND = ("addresses", "change-key")


@pytest.fixture
def robin(session: Session, settings: Settings, make_member: Callable[..., Member]) -> int:
    member_id = make_member(email=ROBIN).id
    outbox.queue(Context(session, settings), ROBIN, MailText("News", "There are.\n"))
    session.commit()
    return member_id


def _knows(session: Session, settings: Settings, member_id: int) -> bool:
    """Whether a site with these settings finds and decrypts the address and its mail."""
    session.rollback()
    session.expire_all()
    try:
        found = find_member(Context(session, settings), ROBIN) == member_id
        mails = [mail.to for mail in waiting_mail(session, settings)]
        return (
            found
            and address_of(Context(session, settings), member_id) == ROBIN
            and mails == [ROBIN]
        )
    except BadInputError:
        return False


def _with(settings: Settings, **keys: str) -> Settings:
    return settings.model_copy(update=keys)


def test_a_key_that_one_set_is_changed_to_the_new_one(
    shell: Shell, session: Session, settings: Settings, robin: int
) -> None:
    keys = {"MAPAPP_ADDRESS_KEY": NEW_KEY, "MAPAPP_OLD_ADDRESS_KEYS": ADDRESS_KEY}
    for _ in range(2):
        done = shell(*COMMAND, **keys)
        assert done.exit_code == 0, done.output
        assert "Encrypted 1 address." in done.stdout
        assert _knows(session, _with(settings, address_key=NEW_KEY), robin)
        assert not _knows(session, settings, robin)
    assert not (settings.instance / "address_key").exists()


def test_the_site_knows_everybody_while_its_key_changes(
    shell: Shell, session: Session, settings: Settings, robin: int
) -> None:
    both = _with(settings, address_key=NEW_KEY, old_address_keys=ADDRESS_KEY)
    assert _knows(session, both, robin)
    shell(*COMMAND, MAPAPP_ADDRESS_KEY=NEW_KEY, MAPAPP_OLD_ADDRESS_KEYS=ADDRESS_KEY)
    assert _knows(session, both, robin)


def test_without_an_older_key_it_says_how(
    shell: Shell, session: Session, settings: Settings, robin: int
) -> None:
    refused = shell(*COMMAND)
    assert refused.exit_code == 2
    assert "MAPAPP_OLD_ADDRESS_KEYS" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert _knows(session, settings, robin)


def test_the_wrong_older_key_changes_nothing(
    shell: Shell, session: Session, settings: Settings, robin: int
) -> None:
    query = select(Member.address_mark, Member.address_sealed)
    before = session.execute(query).all()
    refused = shell(*COMMAND, MAPAPP_ADDRESS_KEY=NEW_KEY, MAPAPP_OLD_ADDRESS_KEYS=OTHER_KEY)
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1
    session.rollback()
    assert session.execute(query).all() == before
    assert _knows(session, settings, robin)


@pytest.mark.parametrize("wrong", ["short", f"{ADDRESS_KEY},short"])
def test_keys_that_are_too_short_are_refused(shell: Shell, robin: int, wrong: str) -> None:
    refused = shell(*COMMAND, MAPAPP_ADDRESS_KEY=NEW_KEY, MAPAPP_OLD_ADDRESS_KEYS=wrong)
    assert refused.exit_code == 2
    assert "MAPAPP_OLD_ADDRESS_KEYS" in refused.stderr
    for secret in (NEW_KEY, ADDRESS_KEY):
        assert secret not in refused.output


def test_no_key_and_no_address_is_printed(shell: Shell, robin: int) -> None:
    done = shell(*COMMAND, MAPAPP_ADDRESS_KEY=NEW_KEY, MAPAPP_OLD_ADDRESS_KEYS=ADDRESS_KEY)
    for secret in (NEW_KEY, ADDRESS_KEY, ROBIN, "robin"):
        assert secret not in done.output


@pytest.fixture
def kept(settings: Settings) -> Settings:
    """The settings of a site that keeps its key in a file."""
    return _with(settings, address_key="")


@pytest.fixture
def kept_robin(session: Session, settings: Settings, kept: Settings, robin: int) -> int:
    """Robin on such a site, whose key happens to be the tests' one."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    kept.address_key_file.write_text(ADDRESS_KEY.replace(" ", "-"), encoding="ascii")
    shell_keys = _with(settings, address_key=kept.address_keys[0], old_address_keys=ADDRESS_KEY)
    change_key(session, keys_of(shell_keys))
    session.commit()
    assert _knows(session, kept, robin)
    return robin


def test_a_key_in_the_instance_folder_is_replaced_by_a_fresh_one(
    shell: Shell, session: Session, kept: Settings, kept_robin: int
) -> None:
    seen = [kept.address_keys]
    for _ in range(2):
        done = shell(*COMMAND, MAPAPP_ADDRESS_KEY="")
        assert done.exit_code == 0, done.output
        assert str(kept.address_key_file) in done.stdout.replace("\n", "")
        seen.append(kept.address_keys)
        assert _knows(session, kept, kept_robin)
    assert [len(keys) for keys in seen] == [1, 1, 1]
    assert len({keys[0] for keys in seen}) == 3
    old = _with(kept, address_key=seen[0][0])
    assert not _knows(session, old, kept_robin)


def test_the_fresh_key_is_its_owners_alone_and_not_printed(
    shell: Shell, kept: Settings, kept_robin: int
) -> None:
    done = shell(*COMMAND, MAPAPP_ADDRESS_KEY="")
    assert kept.address_keys[0] not in done.output
    assert kept.address_key_file.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in kept.instance.iterdir()) == ["address_key"]


def test_a_change_that_was_interrupted_can_be_finished(
    shell: Shell, session: Session, kept: Settings, kept_robin: int
) -> None:
    """The file had both keys when the machine stopped, so nothing is lost."""
    (old,) = kept.address_keys
    kept.address_key_file.write_text(f"{'n' * 64}\n{old}", encoding="ascii")
    assert _knows(session, kept, kept_robin)
    assert shell(*COMMAND, MAPAPP_ADDRESS_KEY="").exit_code == 0
    assert len(kept.address_keys) == 1
    assert kept.address_keys[0] not in {old, "n" * 64}
    assert _knows(session, kept, kept_robin)


def test_a_kept_key_that_is_lost_changes_nothing(
    shell: Shell, session: Session, settings: Settings, kept: Settings, kept_robin: int
) -> None:
    query = select(Member.address_mark, Member.address_sealed)
    before = session.execute(query).all()
    good = kept.address_key_file.read_text(encoding="ascii")
    kept.address_key_file.write_text("w" * 64, encoding="ascii")
    assert shell(*COMMAND, MAPAPP_ADDRESS_KEY="").exit_code == 2
    session.rollback()
    assert session.execute(query).all() == before
    kept.address_key_file.write_text(good, encoding="ascii")
    assert _knows(session, kept, kept_robin)


def test_without_init_it_says_what_to_do(
    shell: Shell, databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    keys = {"MAPAPP_ADDRESS_KEY": NEW_KEY, "MAPAPP_OLD_ADDRESS_KEYS": ADDRESS_KEY}
    refused = shell(*COMMAND, MAPAPP_DATABASE_URL=databases.empty(), **keys)
    assert refused.exit_code == 2
    assert "mapapp init" in refused.stderr


def test_on_a_site_that_was_never_made_no_key_is_left_behind(
    shell: Shell, databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    """A wrong folder must not get a key file that looks as if it were the site's."""
    place = tmp_path / "nothing" / "here"
    where = {"MAPAPP_INSTANCE": str(place), "MAPAPP_DATABASE_URL": databases.empty()}
    assert shell(*COMMAND, MAPAPP_ADDRESS_KEY="", **where).exit_code == 2
    assert not load_settings(instance=place).address_key_file.exists()
