"""What the commands do that set up a site and keep it running."""

import signal
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from mapapp.actions.account import second_proof
from mapapp.actions.account.member_erase import erase_again
from mapapp.actions.account.staff_roles import make_staff, remove_staff
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.editorial_transfer import import_content
from mapapp.actions.operations.demo import make_demo, remove_demo
from mapapp.actions.operations.site_setup import fill_site
from mapapp.actions.operations.worker_jobs import WorkerJobs
from mapapp.actions.published.publishing import WITH_THE_NEXT, is_published
from mapapp.cli.export_maker import ExportMaker, make_all
from mapapp.cli.progress import progress
from mapapp.cli.publish import run_publication
from mapapp.cli.releases import run_releases
from mapapp.cli.tools import leave_no_core, open_database, open_site, say
from mapapp.domain.knowledge.question_set import CONTENT
from mapapp.errors import N_, DataError, Nn_, Words
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.migrate import upgrade
from mapapp.store.steps import check_tables
from mapapp.whole_files import make_folder

ERASED_AGAIN = Nn_(
    "Erased again: %(n)s person who had left, but was in the backup.",
    "Erased again: %(n)s people who had left, but were in the backup.",
)
READY = Nn_(
    "Ready: %(where)s (%(n)s new condition). Next: mapapp serve",
    "Ready: %(where)s (%(n)s new conditions). Next: mapapp serve",
)
REMOVED_PEOPLE = Nn_("Removed %(n)s invented person.", "Removed %(n)s invented people.")
ADDED = Nn_(
    "Added %(n)s invented person. To remove them: mapapp demo --remove",
    "Added %(n)s invented people. To remove them: mapapp demo --remove",
)
RESET = N_(
    "%(email)s no longer has a passkey or an authenticator app, and is signed out "
    "everywhere. They set up a new one at the next sign-in: %(site)s/sign-in"
)
STAFF_NOW = N_("%(email)s is now staff (%(role)s). Sign in with this address: %(site)s/sign-in")
STAFF_NO_MORE = N_("%(email)s has no role any more, and is signed out everywhere.")
SET_UP = N_("Then open %(page)s and set up a passkey or an authenticator app.")
JOB_FAILED = N_("Not done: %(job)s (%(kind)s). All else goes on, and this is tried again.")
NOT_ALL_DONE = N_("Not everything could be done; the lines above say what.")
PAUSE = 2.0  # seconds between two rounds of the worker
STAFF_START = {"admin": "/admin", "moderator": "/moderation"}
"""The first page for a new member of staff; it asks for a second proof."""


def init() -> None:
    """Create or upgrade the database, and fill in the conditions."""
    with open_database() as (settings, engine):
        _make_folder(settings)
        upgrade(engine)
        with transaction(engine) as session, progress(N_("Conditions")) as advance:
            new = fill_site(session, advance)
        with transaction(engine) as session:
            import_content(session, CONTENT)
        with transaction(engine) as session:
            again = erase_again(Context(session, settings))
        if not is_published(engine):  # an upgrade from a version whose map was always as it is
            run_publication(engine, settings, WITH_THE_NEXT)
        # The keys are made now, by the operator, and not at the first visit.
        _ = settings.secret, settings.address_keys
        where = engine.url.render_as_string(hide_password=True)
    if again:
        say(ERASED_AGAIN, n=again)
    say(READY, where=where, n=new)


def _make_folder(settings: Settings) -> None:
    make_folder(settings.instance)
    url = make_url(settings.sqlalchemy_url)
    if url.drivername.startswith("sqlite") and url.database:
        make_folder(Path(url.database).parent)


def demo(remove: bool) -> None:
    """Add 20,000 invented people to the site, or remove them."""
    with open_site() as (settings, session):
        if remove:
            gone = remove_demo(session)
            say(REMOVED_PEOPLE, n=gone)
            return
        with progress(N_("Inventing people"), 20_000) as advance:
            made = make_demo(session, settings.secret, advance)
    if made:
        run_releases()
    say(ADDED if made else N_("The invented people are already here."), n=made)


def worker(once: bool) -> None:
    """Send queued mail, make exports and delete what has expired, until Ctrl-C."""
    leave_no_core()
    stop = threading.Event()
    if not once:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
    with open_site(write=False):
        pass
    maker = ExportMaker()
    with open_database() as (settings, engine):
        exports = make_all if once else partial(maker.look, engine)
        more = {N_("making exports"): exports}
        jobs = WorkerJobs(engine, settings, _tell_failure, more)
        while True:
            with suppress(SQLAlchemyError), engine.connect() as connection:
                check_tables(connection)  # a newer version may have been started meanwhile
            done = jobs.run()
            if once and not done:
                raise DataError(NOT_ALL_DONE)
            if once or stop.wait(PAUSE):
                return


def _tell_failure(job: Words, kind: str) -> None:
    say(JOB_FAILED, err=True, job=job, kind=kind)


def admin(email: str, role: str, name: str | None, reason: str, **instead: bool) -> None:
    """Make the person with this address a member of staff, in place of an earlier role."""
    if instead["remove"]:
        if not reason.strip():
            raise click.UsageError("--remove needs --reason: it is kept in the audit log.")
        with open_site() as (settings, session):
            remove_staff(Context(session, settings), email, reason.strip())
        say(STAFF_NO_MORE, email=email)
        return
    if instead["lost"]:
        with open_site() as (settings, session):
            second_proof.reset(Context(session, settings), email)
        say(RESET, email=email, site=settings.base_url)
        return
    with open_site() as (settings, session):
        make_staff(Context(session, settings), email, role, reason.strip(), name)
    # This shell may lack the server's settings; then only the path is certain.
    site = settings.base_url if "base_url" in settings.model_fields_set else ""
    say(STAFF_NOW, email=email, role=role, site=site)
    if settings.dev:
        say(N_("The email with the link is shown at %(site)s/dev/mail"), site=site)
    elif settings.mail_url.startswith("console:"):
        say(N_("The email with the link is printed by: mapapp worker"))
    say(SET_UP, page=f"{site}{STAFF_START[role]}")
