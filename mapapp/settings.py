"""Every setting of the site, typed, with its default; wrong or unknown ones stop the start.

Settings are environment variables ``MAPAPP_…`` or lines of a ``.env`` file in the working
directory. ``docs/settings.md`` explains each of them; a test compares the two.
"""

import os
from email.headerregistry import Address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from dotenv import dotenv_values
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from mapapp.errors import N_, BadInputError, Words
from mapapp.mail_server import is_loopback, login_of, sender_of
from mapapp.paths import catalogue_of
from mapapp.schedule import EACH_MINUTE, SCHEDULES, USUAL, Schedule, schedule
from mapapp.whole_files import kept_secret, replace_file

PREFIX = "MAPAPP_"
SHORTEST_KEY = 32
FEWEST_CHARACTERS = 10  # different ones in a key; a random one has many more
DATABASES = frozenset({"sqlite", "postgresql", "postgresql+psycopg"})
MAIL_SCHEMES = frozenset({"smtp", "smtps"})
LAST_PORT = 65_535
WIKIPEDIA = "https://www.wikipedia.org/"  # anyone might be reading it, in any language
SOURCE_LANGUAGE = "en"  # the language in the code, which needs no catalogue
TOO_EVEN = N_("must have at least %(least)s different characters")
PLAIN_REASONS = {
    "bool_parsing": N_("must be true or false"),
    "publish": N_("must be daily@HH:MM (a time in UTC), hourly or live"),
    "leave_to": N_("must be like https://www.example.org/"),
    "trusted_proxies": N_("must be a whole number from 0 to 5"),
    "epsilon": N_("must be a whole number from 1 to 6"),
}
"""In plain words, what pydantic says, by the setting or the kind of error."""
# A page of a site by its name: no user, no port, no backslash that browsers take for a slash.
HTTPS = r"^https://([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+(/[!-\[\]-~]*)?$"
NO_LANGUAGE = N_("%(tag)s is not a language; codes look like en, de or pt_BR")
NOT_TRANSLATED = N_("%(tag)s is a language that this program has not been translated into")


class Settings(BaseSettings):
    """The site's settings. Field names are the variables' names without ``MAPAPP_``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    instance: Path = Field(Path("instance"), description="Folder for the database and secrets.")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the instance.")
    secret_key: str = Field("", description="Signs cookies and links; empty: made once and kept.")
    address_key: str = Field("", description="Encrypts email addresses; empty: made once and kept.")
    old_address_keys: str = Field("", description="Earlier keys, while addresses change over.")
    base_url: str = Field("http://127.0.0.1:8000", description="Address people reach the site at.")
    mail_url: str = Field("console:", description="console: or smtp://user:password@host:port.")
    mail_from: str = Field("map@localhost", description="Sender of emails; names no condition.")
    mail_plain: bool = Field(False, description="Sends the mail password without TLS, locally.")
    site_name: str = Field("Condition Map", description="Name of the site on every page.")
    dev: bool = Field(False, description="Development: shows emails at /dev/mail. Never public.")
    trusted_proxies: int = Field(0, ge=0, le=5, description="Proxies in front whose headers count.")
    leave_to: str = Field(WIKIPEDIA, pattern=HTTPS, description="Where “Leave this page” leads.")
    publish: str = Field("", pattern=SCHEDULES, description="When others see what changed.")
    epsilon: int = Field(6, ge=1, le=6, description="Privacy budget of an account in a year.")
    finished: bool = Field(True, description="Keeps finished answers for visitors in memory.")
    languages: str = Field("en", description="Languages offered, with commas; the default first.")

    @field_validator("instance")
    @classmethod
    def _is_folder(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise _wrong(N_("must be a folder, and is a file"))
        return value

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise _wrong(N_("must start with http:// or https://"))
        if not _host_of(value):
            raise _wrong(N_("must name a host, such as https://map.example.org"))
        # The session's cookie is bound to a whole host, so nothing else can share the host.
        parts = urlsplit(value)
        if parts.path.strip("/") or "?" in value or "#" in value or "@" in parts.netloc:
            raise _wrong(N_("must end after the host, such as https://map.example.org"))
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        # The messages never repeat the value: it may hold a password.
        wanted = N_(
            "must be like sqlite:////srv/map.sqlite or postgresql://user:password@host/name"
        )
        try:
            url = make_url(value or "sqlite:///some-file")
        except ArgumentError:
            raise _wrong(wanted) from None
        except ValueError:
            raise _wrong(N_("has a port that is not a number")) from None
        if url.drivername not in DATABASES:
            raise _wrong(wanted)
        if not 0 <= (url.port or 0) <= LAST_PORT:
            raise _wrong(N_("has a port above %(last)s"), last=str(LAST_PORT))
        no_file = url.database in (None, "", ":memory:")
        if url.drivername == "sqlite" and (url.host or url.query or no_file):
            raise _wrong(N_("must name a file and no options, such as sqlite:////srv/map.sqlite"))
        return value

    @field_validator("mail_url")
    @classmethod
    def _is_mail_server(cls, value: str) -> str:
        scheme = value.partition(":")[0].lower()
        if scheme not in MAIL_SCHEMES and value.lower() not in {"console:", "console://"}:
            raise _wrong(N_("must be console:, smtp://host:port or smtps://host:port"))
        if scheme in MAIL_SCHEMES and not _host_of(value):
            raise _wrong(N_("must name a host, such as smtp://user:password@mail.example.org:587"))
        return value

    @field_validator("mail_from", "site_name")
    @classmethod
    def _is_one_line(cls, value: str, info: ValidationInfo) -> str:
        if not value.isprintable() or not value.strip():
            raise _wrong(N_("must be one line of printable characters"))
        if info.field_name == "mail_from" and sender_of(value) is None:
            raise _wrong(N_("must be an email address, such as map@example.org"))
        return value

    @field_validator("mail_plain")
    @classmethod
    def _is_near(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not is_loopback(info.data.get("mail_url", "")):
            raise _wrong(N_("is only for a mail server on this machine, such as smtp://localhost"))
        return value

    @field_validator("languages")
    @classmethod
    def _are_languages(cls, value: str) -> str:
        tags = [tag.replace("-", "_") for tag in _split(value)]
        if not tags:
            raise _wrong(N_("must name at least one language, such as en"))
        for tag in tags:
            try:
                language = Locale.parse(tag).language
            except (ValueError, UnknownLocaleError):
                raise _wrong(NO_LANGUAGE, tag=tag) from None
            if catalogue_of(tag) is None and language != SOURCE_LANGUAGE:
                raise _wrong(NOT_TRANSLATED, tag=tag)
        return ",".join(tags)

    @field_validator("secret_key", "address_key", "old_address_keys")
    @classmethod
    def _is_long(cls, value: str, info: ValidationInfo) -> str:
        keys = _split(value) if info.field_name == "old_address_keys" else (value,)
        if value and any(len(key) < SHORTEST_KEY for key in keys):
            raise _wrong(N_("must have at least %(least)s characters"), least=SHORTEST_KEY)
        for key in keys if value else ():
            if key != key.strip():
                raise _wrong(N_("must not begin or end with a space"))
            if len(set(key)) < FEWEST_CHARACTERS:
                raise _wrong(TOO_EVEN, least=FEWEST_CHARACTERS)
        if info.field_name == "address_key" and "," in value:
            raise _wrong(N_("must not contain a comma, because commas separate old keys"))
        return value

    @property
    def offered_languages(self) -> tuple[str, ...]:
        """The languages of the site, the default first."""
        return _split(self.languages)

    @property
    def schedule(self) -> Schedule:
        """When the public side is published: once a day, and in development every minute."""
        return schedule(self.publish or (EACH_MINUTE if self.dev else USUAL))

    @property
    def sqlalchemy_url(self) -> str:
        """The database's URL; PostgreSQL always through psycopg 3."""
        if not self.database_url:
            return f"sqlite:///{(self.instance / 'mapapp.sqlite').resolve()}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def secret(self) -> str:
        """The signing key: the one set, or one made at first use and kept in the instance."""
        return self.secret_key or _kept_key(self.instance / "secret_key")

    @property
    def address_keys(self) -> tuple[str, ...]:
        """The keys for addresses, the newest first: those set, or one made and kept."""
        if self.address_key:
            return (self.address_key, *_split(self.old_address_keys))
        return tuple(_kept_key(self.address_key_file).split())

    @property
    def address_key_file(self) -> Path:
        """Where the keys for addresses are kept when no setting holds them, one a line."""
        return self.instance / "address_key"

    @property
    def sender(self) -> Address:
        """The sender of mails, as mail servers take it; it was checked at the start."""
        found = sender_of(self.mail_from)
        if found is None:
            raise ValueError("The sender is no address.")
        return found

    @property
    def mail_login(self) -> tuple[str, str]:
        """The user and the password for the mail server, both empty where it needs none."""
        return login_of(self.mail_url)

    @property
    def is_mail_local(self) -> bool:
        """Whether the mail server is on this machine."""
        return is_loopback(self.mail_url)

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over TLS, which decides the cookies' flags."""
        return self.base_url.startswith("https://")


def _wrong(message: Words, /, **values: object) -> ValueError:
    """Return what pydantic takes for a refusal, with words that can be translated inside."""
    return ValueError(BadInputError(message, **values))


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


def _host_of(address: str) -> str:
    """Return the host of a URL; refuse a URL whose host or port cannot be read."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _wrong(
            N_("has a host or port that cannot be read (ports: 1 to %(last)s)"),
            last=str(LAST_PORT),
        ) from None
    if port == 0:
        raise _wrong(N_("has a port outside 1 to %(last)s"), last=str(LAST_PORT))
    return host


def _kept_key(path: Path) -> str:
    """Return the key that is kept in a file, made now if there is none."""
    found = kept_secret(path)
    if len(found) < SHORTEST_KEY:
        raise BadInputError(N_("%(file)s holds no key. Restore the file from a backup."), file=path)
    return found


def keep_address_keys(settings: Settings, keys: tuple[str, ...]) -> None:
    """Write the keys for addresses, the newest first."""
    replace_file(settings.address_key_file, "\n".join(keys))


def _lines_of_env_file() -> dict[str, str | None]:
    try:
        return dotenv_values(".env", encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInputError(
            N_("The file .env is not UTF-8. Save it as UTF-8 and try again.")
        ) from None


def load_settings(**given: Any) -> Settings:
    """Return the settings of this process.

    Args:
        given: values that win over the environment (tests and the command line use this).

    Raises:
        BadInputError: for a wrong value, or a ``MAPAPP_`` variable that does not exist.
    """
    # Lines of a .env file are worth less than the environment, which is worth less than ``given``.
    found = {**_lines_of_env_file(), **os.environ}
    named = {k[len(PREFIX) :].lower(): v for k, v in found.items() if k.startswith(PREFIX)}
    unknown = sorted(set(named) - set(Settings.model_fields))
    if unknown:
        names = ", ".join(PREFIX + name.upper() for name in unknown)
        raise BadInputError(
            N_("Unknown setting: %(names)s. docs/settings.md lists all of them."), names=names
        )
    try:
        return Settings(**{**named, **given})
    except ValidationError as error:
        first = error.errors()[0]
        setting, kind = str(first["loc"][0]), first["type"]
        name, cause = PREFIX + setting.upper(), first.get("ctx", {}).get("error")
        plain = PLAIN_REASONS.get(setting, PLAIN_REASONS.get(kind, first["msg"]))
        reason = cause.args[0] if cause else plain
        raise BadInputError(N_("%(name)s: %(reason)s."), name=name, reason=reason) from None
