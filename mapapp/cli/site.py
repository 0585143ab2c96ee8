"""Commands that make and run a site."""

import gc
import multiprocessing
import signal
import socket
import sqlite3
import threading
from contextlib import nullcontext, suppress
from pathlib import Path

import click
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from mapapp.actions import outbox, second_factor
from mapapp.actions.addresses import keys_of
from mapapp.actions.content import import_content
from mapapp.actions.demo import make_demo, remove_demo
from mapapp.actions.erase import erase_again
from mapapp.actions.sign_in import STAFF_ROLES, make_staff
from mapapp.actions.site import check_site, fill_site
from mapapp.actions.upkeep import after_erasing, upkeep
from mapapp.cli.tools import Command, number_of, open_database, open_site, progress
from mapapp.domain.areas import load_areas
from mapapp.domain.conditions import load_catalogue
from mapapp.domain.questions import CONTENT
from mapapp.domain.towns import load_towns
from mapapp.errors import BadInputError
from mapapp.settings import Settings, make_folder
from mapapp.store.database import transaction
from mapapp.store.migrate import upgrade

THREADS = 4  # requests a worker process answers at the same time
LONGEST_STOP = 5  # seconds a worker process has to end after Ctrl-C; then it is killed
OUT_OF_REACH = (sqlite3.OperationalError, OperationalError)
PAUSE = 2.0  # seconds between two looks into the outbox
STAFF_START = {"admin": "/admin", "moderator": "/moderation"}
"""Where somebody new to the staff goes first; it leads to a second proof by itself."""


@click.command(cls=Command)
def init() -> None:
    """Create the database, or upgrade it, and fill in the conditions.

    Calling it again is always safe: what staff edited stays.
    """
    with open_database() as (settings, engine):
        _make_folder(settings)
        upgrade(engine, keys_of(settings))
        with transaction(engine) as session, progress("Conditions") as advance:
            new = fill_site(session, advance)
        with transaction(engine) as session:
            import_content(session, CONTENT)
        with transaction(engine) as session:
            again = erase_again(session, settings)
        _ = settings.secret  # made now, by whoever sets the site up, not by the first visitor
        where = engine.url.render_as_string(hide_password=True)
    if again:
        people = number_of(again, "person", "people")
        click.echo(f"Erased again: {people} who had left and came back with a backup.")
    click.echo(f"Ready: {where} ({number_of(new, 'new condition')}). Next: mapapp serve")


def _make_folder(settings: Settings) -> None:
    make_folder(settings.instance)
    url = make_url(settings.sqlalchemy_url)
    if url.drivername.startswith("sqlite") and url.database:
        make_folder(Path(url.database).parent)


@click.command(cls=Command)
@click.option("--remove", is_flag=True, help="Take the invented people out again.")
def demo(remove: bool) -> None:
    """Fill the site with 20,000 invented people, or take them out again.

    Every page says that the people are invented while they are there. Real members stay untouched.
    """
    with open_site() as (settings, session):
        if remove:
            gone = remove_demo(session)
            click.echo(f"Removed {gone:,} invented people.")
            return
        with progress("Inventing people", 20_000) as advance:
            made = make_demo(session, settings.secret, advance)
    click.echo(
        f"Added {made:,} invented people. Take them out again with: mapapp demo --remove"
        if made
        else "The invented people are here already."
    )


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

    There is no access log: who looked at which condition from where is written down nowhere.
    Mail is sent by `mapapp worker`, which runs beside this.
    """
    with open_site(write=False) as (settings, session):
        check_site(session)
        _ = settings.secret
    _check_port(host, port)
    _load_for_all_workers()
    Server(
        "mapapp.app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=THREADS,
        log_access=False,
        websockets=False,
        # Without this a worker that does not listen yet is waited for without end.
        workers_kill_timeout=LONGEST_STOP,
    ).serve()


def _load_for_all_workers() -> None:
    """Load what every search needs before the worker processes fork, so that they share it.

    Otherwise each of them would load its own at the first search, and somebody would wait for it.
    """
    if multiprocessing.get_start_method() != "fork":
        return
    load_areas()
    load_towns()
    load_catalogue()
    gc.freeze()  # collecting in a worker would copy the pages that are shared


def _check_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInputError(
            f"Cannot listen on {host} port {port}: {reason}. Try another: mapapp serve --port 8080"
        ) from None


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
def worker(once: bool) -> None:
    """Send queued mail, and clear away what has expired, until Ctrl-C."""
    stop = threading.Event()
    if not once:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
    with open_site(write=False):
        pass
    with open_database() as (settings, engine):
        while True:
            # A busy file, or a database that restarts: the next round tries again.
            with nullcontext() if once else suppress(*OUT_OF_REACH):
                upkeep(engine, settings)
                after_erasing(engine, settings)
                outbox.deliver_due(engine, settings)
            if once or stop.wait(PAUSE):
                return


@click.command(cls=Command)
@click.argument("email", metavar="E-MAIL")
@click.option(
    "--role",
    type=click.Choice(list(STAFF_ROLES)),
    default="admin",
    show_default=True,
    help="What they may do; an admin may do what a moderator may.",
)
@click.option(
    "--reset-second-factor",
    "lost",
    is_flag=True,
    help="Instead: take away passkeys and app of somebody who lost them, and sign them out.",
)
def admin(email: str, role: str, lost: bool) -> None:
    """Make the person with this address a member of staff."""
    if lost:
        with open_site() as (settings, session):
            second_factor.reset(session, settings, email)
        click.echo(
            f"{email} has no passkey and no authenticator app any more and is signed out "
            f"everywhere. The next sign-in leads to setting one up: {settings.base_url}/sign-in"
        )
        return
    with open_site() as (settings, session):
        make_staff(session, settings, email, role)
    # Another shell than the server's may not know where the site is; then the path alone is true.
    site = settings.base_url if "base_url" in settings.model_fields_set else ""
    click.echo(f"{email} is staff now ({role}). Sign in with this address: {site}/sign-in")
    if settings.dev:
        click.echo(f"The mail with the link is shown at {site}/dev/mail")
    elif settings.mail_url.startswith("console:"):
        click.echo("The mail with the link is printed by: mapapp worker")
    page = STAFF_START[role]
    click.echo(f"Then open {site}{page} and set up a passkey or an authenticator app.")
