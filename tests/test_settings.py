"""Wrong settings are refused in one line that names the setting and keeps its value to itself."""

from pathlib import Path

import pytest

from mapapp.errors import BadInputError
from mapapp.settings import load_settings
from tests.catalogues import make_language, use_folder

GOOD_KEY = "hQ3v9ZpLr5TxKw2sYb8NdJ6mFcRg4aVe"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "nowhere"),
        ("BASE_URL", "http://"),
        ("BASE_URL", "http://:8000"),
        ("BASE_URL", "http://[bad"),
        ("BASE_URL", "http://map.example.org:abc"),
        ("BASE_URL", "https://example.org/map"),
        ("BASE_URL", "https://example.org/map/"),
        ("BASE_URL", "https://example.org?map"),
        ("BASE_URL", "https://example.org/#map"),
        ("BASE_URL", "https://user:hunter2@example.org"),
        ("DATABASE_URL", "garbage"),
        ("DATABASE_URL", "foo://x"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "postgresql+psycopg2://x/y"),
        ("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:abc/y"),
        ("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:99999/y"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///map.sqlite?colour=blue"),
        ("DATABASE_URL", "sqlite://srv/map.sqlite"),
        ("MAIL_URL", ""),
        ("MAIL_URL", "ftp://x"),
        ("MAIL_URL", "pigeon://loft"),
        ("MAIL_URL", "smtp:mail.example.org"),
        ("MAIL_URL", "smtp://u:hunter2@x:abc"),
        ("MAIL_URL", "smtp://x:99999"),
        ("MAIL_URL", "smtp://x:0"),
        ("MAIL_URL", "smtp://[bad"),
        ("MAIL_FROM", ""),
        ("MAIL_FROM", "map"),
        ("MAIL_FROM", "map@"),
        ("MAIL_FROM", "map@example.org\nBcc: everybody@example.org"),
        ("MAIL_FROM", "=?utf-8?q?a=0D=0ABcc?= <map@example.org>"),
        ("MAIL_FROM", "=?us-ascii?q?=6Dap?=@example.org"),
        ("MAIL_FROM", "map@example.org, all@example.org"),
        ("MAIL_FROM", "The map, all of it <map@example.org>"),
        ("MAIL_FROM", "map@bücher.example"),
        ("MAIL_PLAIN", "true"),
        ("SECRET_KEY", " " * 40),
        ("SECRET_KEY", "a" * 32),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", f" {GOOD_KEY}"),
        ("ADDRESS_KEY", " " * 40),
        ("ADDRESS_KEY", "ab" * 20),
        ("ADDRESS_KEY", f"{GOOD_KEY}\n"),
        ("OLD_ADDRESS_KEYS", f"{GOOD_KEY},{'x' * 40}"),
        ("SITE_NAME", "Condition\nMap"),
        ("LEAVE_TO", ""),
        ("LEAVE_TO", "http://www.example.org/"),
        ("LEAVE_TO", "https:///"),
        ("LEAVE_TO", "https://localhost/"),
        ("LEAVE_TO", "https://user:hunter2@example.org/"),
        ("LEAVE_TO", "https://example.org\\@evil.example/"),
        ("LEAVE_TO", "https://example.org/\nSet-Cookie: a=b"),
        ("LEAVE_TO", "javascript:alert(1)"),
        ("LANGUAGES", ""),
        ("LANGUAGES", " , "),
        ("LANGUAGES", "xx_bogus,en"),
        ("LANGUAGES", "en,../de"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"MAPAPP_{name}", value)
    with pytest.raises(BadInputError, match=rf"^MAPAPP_{name}: .+\.$") as refused:
        load_settings()
    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", "https://map.example.org"),
        ("base_url", "http://[::1]:8000"),
        ("database_url", ""),
        ("database_url", "sqlite:////srv/map/map.sqlite"),
        ("database_url", "postgresql://u:p%40ss@127.0.0.1:5432/map"),
        ("database_url", "postgresql+psycopg://map@/map?host=/run/postgresql"),
        ("mail_url", "console:"),
        ("mail_url", "smtp://user:password@mail.example.org:587"),
        ("mail_url", "smtps://mail.example.org"),
        ("mail_from", "The map <map@example.org>"),
        ("site_name", "Karte für alle"),
        ("leave_to", "https://www.example.org"),
        ("leave_to", "https://news.example.org/weather?today=1#top"),
        ("languages", "en,en_GB"),
        ("secret_key", GOOD_KEY),
        ("secret_key", "ten different words make a good key, too"),
        ("old_address_keys", f"{GOOD_KEY}, {GOOD_KEY}"),
        ("dev", True),
    ],
)
def test_a_good_value_is_kept_as_it_is(name: str, value: str) -> None:
    assert getattr(load_settings(**{name: value}), name) == value


def test_reasons_are_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    times = "daily@HH:MM (a time in UTC), hourly or live"
    few = "must be a whole number from 0 to 5."
    for name, value, words in (
        ("dev", "perhaps", "MAPAPP_DEV: must be true or false."),
        ("leave_to", "there", "MAPAPP_LEAVE_TO: must be like https://www.example.org/."),
        ("publish", "now", f"MAPAPP_PUBLISH: must be {times}."),
        ("mail_plain", "", "MAPAPP_MAIL_PLAIN: must be true or false."),
        ("trusted_proxies", "many", f"MAPAPP_TRUSTED_PROXIES: {few}"),
        ("trusted_proxies", "1.5", f"MAPAPP_TRUSTED_PROXIES: {few}"),
        ("trusted_proxies", "9", f"MAPAPP_TRUSTED_PROXIES: {few}"),
        ("epsilon", "7", "MAPAPP_EPSILON: must be a whole number from 1 to 6."),
        ("instance", str(tmp_path / "file"), "MAPAPP_INSTANCE: must be a folder, and is a file."),
    ):
        with pytest.raises(BadInputError) as refused:
            load_settings(**{name: value})
        assert str(refused.value) == words


def test_an_empty_file_is_no_key(tmp_path: Path) -> None:
    settings = load_settings(instance=tmp_path)
    for name in ("secret_key", "address_key"):
        (tmp_path / name).touch()
    with pytest.raises(BadInputError, match="secret_key holds no key"):
        _ = settings.secret
    with pytest.raises(BadInputError, match="address_key holds no key"):
        _ = settings.address_keys


def test_languages_are_written_as_babel_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_folder(tmp_path, monkeypatch)
    make_language("pt_BR", {}, tmp_path)
    assert load_settings(languages=" pt-BR, en ,").languages == "pt_BR,en"


def test_an_env_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("MAPAPP_SITE_NAME=Karte für alle\n".encode("latin-1"))
    with pytest.raises(BadInputError, match=r"\.env is not UTF-8"):
        load_settings()


def test_an_env_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MAPAPP_SITE_NAME=Karte für alle\n", encoding="utf-8-sig")
    assert load_settings().site_name == "Karte für alle"


def test_a_language_without_a_catalogue_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_folder(tmp_path, monkeypatch)
    make_language("de", {}, tmp_path)
    assert load_settings(languages="en,de,de_AT").offered_languages == ("en", "de", "de_AT")
    with pytest.raises(BadInputError, match=r"^MAPAPP_LANGUAGES: fr is a language that .+\.$"):
        load_settings(languages="en,de,fr")
