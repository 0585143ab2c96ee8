"""Every setting of the site, typed, with its default; wrong or unknown ones stop the start.

Settings are environment variables ``MAPAPP_…`` or lines of a ``.env`` file in the working
directory. ``docs/settings.md`` explains each of them; a test compares the two.
"""

import os
import re
import secrets
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from dotenv import dotenv_values
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from mapapp.errors import BadInputError

PREFIX = "MAPAPP_"
SHORTEST_KEY = 32
DATABASES = frozenset({"sqlite", "postgresql", "postgresql+psycopg"})
MAIL_SCHEMES = frozenset({"smtp", "smtps"})
LAST_PORT = 65_535
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Settings(BaseSettings):
    """The site's settings. Field names are the variables' names without ``MAPAPP_``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    instance: Path = Field(Path("instance"), description="Folder for the database and secrets.")
    database_url: str = Field(
        "", description="SQLAlchemy URL; empty: SQLite in the instance folder."
    )
    secret_key: str = Field("", description="Signs cookies and links; empty: made once and kept.")
    address_key: str = Field("", description="Seals e-mail addresses; empty: made once and kept.")
    old_address_keys: str = Field("", description="Keys before that, while addresses change over.")
    base_url: str = Field("http://127.0.0.1:8000", description="Address people reach the site at.")
    mail_url: str = Field("console:", description="console: or smtp://user:password@host:port.")
    mail_from: str = Field("map@localhost", description="Sender of mails; names no condition.")
    site_name: str = Field("Condition Map", description="Name of the site on every page.")
    dev: bool = Field(
        False, description="Development: shows queued mail at /dev/mail. Never public."
    )
    trusted_proxies: int = Field(0, ge=0, le=5, description="Proxies in front whose headers count.")
    languages: str = Field(
        "en", description="Languages offered, comma-separated, first is default."
    )

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        if not _host_of(value):
            raise ValueError("must name a host, such as https://map.example.org")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        # The messages never repeat the value: it may hold a password.
        wanted = "must be like sqlite:////srv/map.sqlite or postgresql://user:password@host/name"
        try:
            url = make_url(value or "sqlite:///some-file")
        except ArgumentError:
            raise ValueError(wanted) from None
        except ValueError:
            raise ValueError("has a port that is no number") from None
        if url.drivername not in DATABASES:
            raise ValueError(wanted)
        if not 0 <= (url.port or 0) <= LAST_PORT:
            raise ValueError(f"has a port above {LAST_PORT}")
        if url.drivername == "sqlite" and (url.host or url.query or not _is_file(url.database)):
            raise ValueError("must name a file and no options, such as sqlite:////srv/map.sqlite")
        return value

    @field_validator("mail_url")
    @classmethod
    def _is_mail_server(cls, value: str) -> str:
        scheme = value.partition(":")[0].lower()
        if scheme not in MAIL_SCHEMES and value.lower() not in {"console:", "console://"}:
            raise ValueError("must be console:, smtp://host:port or smtps://host:port")
        if scheme in MAIL_SCHEMES and not _host_of(value):
            raise ValueError("must name a host, such as smtp://user:password@mail.example.org:587")
        return value

    @field_validator("mail_from", "site_name")
    @classmethod
    def _is_one_line(cls, value: str, info: ValidationInfo) -> str:
        if not value.isprintable() or not value.strip():
            raise ValueError("must be one line of printable letters")
        if info.field_name == "mail_from" and not ADDRESS.fullmatch(parseaddr(value)[1]):
            raise ValueError("must be an e-mail address, such as map@example.org")
        return value

    @field_validator("languages")
    @classmethod
    def _are_languages(cls, value: str) -> str:
        tags = [tag.replace("-", "_") for tag in _split(value)]
        if not tags:
            raise ValueError("must name at least one language, such as en")
        for tag in tags:
            try:
                Locale.parse(tag)
            except (ValueError, UnknownLocaleError):
                raise ValueError(f"{tag} is no language; codes are like en, de or pt_BR") from None
        return ",".join(tags)

    @field_validator("secret_key", "address_key", "old_address_keys")
    @classmethod
    def _is_long(cls, value: str, info: ValidationInfo) -> str:
        keys = _split(value) if info.field_name == "old_address_keys" else (value,)
        if value and any(len(key) < SHORTEST_KEY for key in keys):
            raise ValueError(f"must have at least {SHORTEST_KEY} characters")
        if info.field_name == "address_key" and "," in value:
            raise ValueError("must have no comma, for old keys are parted by commas")
        return value

    @property
    def sqlalchemy_url(self) -> str:
        """The database's URL; PostgreSQL always through psycopg 3."""
        if not self.database_url:
            return f"sqlite:///{(self.instance / 'mapapp.sqlite').resolve()}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def secret(self) -> str:
        """The signing key: the one set, or one made at first use and kept in the instance."""
        return self.secret_key or _kept_secret(self.instance / "secret_key")

    @property
    def address_keys(self) -> tuple[str, ...]:
        """The keys for addresses, the newest first: those set, or one made and kept."""
        if self.address_key:
            return (self.address_key, *_split(self.old_address_keys))
        return tuple(_kept_secret(self.address_key_file).split())

    @property
    def address_key_file(self) -> Path:
        """Where the keys for addresses are kept when no setting holds them, one a line."""
        return self.instance / "address_key"

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over TLS, which decides the cookies' flags."""
        return self.base_url.startswith("https://")


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


def _host_of(address: str) -> str:
    """Return the host of a URL; refuse a URL whose host or port cannot be read."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(
            f"has a host or port that cannot be read (ports: 1 to {LAST_PORT})"
        ) from None
    if port == 0:
        raise ValueError(f"has a port outside 1 to {LAST_PORT}")
    return host


def _is_file(database: str | None) -> bool:
    return bool(database) and database != ":memory:"


def make_folder(path: Path) -> None:
    """Make the folder ``path`` where there is none; nobody but its owner can look into it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _kept_secret(path: Path) -> str:
    """Read the key at ``path``; make it first, readable by its owner alone, where there is none."""
    make_folder(path.parent)
    try:
        # O_EXCL: of two processes that start together one makes the key and both use it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def keep_address_keys(settings: Settings, keys: tuple[str, ...]) -> None:
    """Write the keys for addresses, the newest first; a machine that stops keeps the old file."""
    path = settings.address_key_file
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(keys))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _lines_of_env_file() -> dict[str, str | None]:
    try:
        return dotenv_values(".env", encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInputError("The file .env is not UTF-8. Save it as UTF-8 and try again.") from None


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
        raise BadInputError(f"Unknown setting: {names}. docs/settings.md lists all of them.")
    try:
        return Settings(**{**named, **given})
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise BadInputError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from None
