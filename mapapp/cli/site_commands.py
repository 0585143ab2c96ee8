"""The commands that set up and run a site, as they are called and explained."""

from typing import TYPE_CHECKING

import click

from mapapp.cli.declared import Command
from mapapp.domain.core.choices import STAFF_ROLE_LABELS
from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    from mapapp.cli import keys, server, site
else:
    keys = OnFirstUse("mapapp.cli.keys")
    server = OnFirstUse("mapapp.cli.server")
    site = OnFirstUse("mapapp.cli.site")

ADMIN_APART = (
    *(("remove", other) for other in ("lost", "role", "name")),
    *(("lost", other) for other in ("role", "reason", "name")),
)


@click.command(cls=Command)
def init() -> None:
    """Create or upgrade the database, and fill in the conditions.

    It is always safe to run again: what staff edited stays.
    """
    site.init()


@click.command(cls=Command)
@click.option("--remove", is_flag=True, help="Remove the invented people.")
def demo(remove: bool) -> None:
    """Add 20,000 invented people to the site, or remove them.

    While they are there, every page says that they are invented. Real members are not affected.
    """
    site.demo(remove)


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes."
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site until Ctrl-C.

    There is no access log: nothing records who looked at which condition, or from where.
    `mapapp worker`, which runs beside this, sends the mail.
    """
    server.serve(host, port, workers)


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def worker(once: bool) -> None:
    """Send queued mail, make exports and delete what has expired, until Ctrl-C."""
    site.worker(once)


@click.command(cls=Command, apart=ADMIN_APART)
@click.argument("email", metavar="EMAIL")
@click.option(
    "--role",
    type=click.Choice(list(STAFF_ROLE_LABELS)),
    default="admin",
    show_default=True,
    help="An admin can do all that a moderator can, and more.",
)
@click.option("--name", help="What the staff calls them; no map ever shows it.")
@click.option("--remove", is_flag=True, help="Instead, take every role back; needs --reason.")
@click.option("--reason", default="", help="Why, for the audit log.")
@click.option(
    "--reset-second-factor",
    "lost",
    is_flag=True,
    help="Instead, remove lost passkeys and a lost app, and sign the person out everywhere.",
)
def admin(email: str, role: str, name: str | None, reason: str, **instead: bool) -> None:
    """Make the person with this address a member of staff, in place of an earlier role.

    Whoever had another role is signed out everywhere. The last admin keeps theirs.
    """
    site.admin(email, role, name, reason, **instead)


@click.group()
def addresses() -> None:
    """Manage the members' email addresses."""


@addresses.command("change-key", cls=Command)
def change_key() -> None:
    """Encrypt every email address with a new key.

    A key in the instance folder is replaced by a new one. If you set the key yourself, put the new
    one in MAPAPP_ADDRESS_KEY and the previous one in MAPAPP_OLD_ADDRESS_KEYS. The site can keep
    running.
    """
    keys.change_address_key()
