"""Who may be shown by name on a page, and what is said where nobody may any more (rule 6)."""

from collections.abc import Iterable

from flask import request
from flask_babel import gettext as _

from mapapp.actions.reading import Readable, Reader, asked, note, read_before
from mapapp.actions.whom import Whom
from mapapp.domain.reading import AREAS, MOST_AREAS, MOST_PEOPLE
from mapapp.errors import LimitError
from mapapp.store.database import transaction
from mapapp.web.database import db, keep_what_was_done, may_write
from mapapp.web.presenters import number_words
from mapapp.web.security import current_member_id, is_signed_in, site_settings


def may_name(people: Iterable[str], area_id: int | None = None) -> Readable:
    """Note whom this page is about to show, by public id, and return who may be shown."""
    reader = Reader(current_member_id(), request.remote_addr or "")
    wanted = asked(db.session, site_settings().secret, reader, people, area_id)
    known = read_before(db.session, wanted)
    if known is not None:
        return known
    if may_write():
        # A form that is refused shows the person too, and would take the note back.
        found = note(db.session, wanted)
        keep_what_was_done()
        return found
    with transaction(db.engine) as own:  # the request's own only reads, see web/limits.py
        return note(own, wanted)


def read_profile(person: Whom) -> None:
    """Note that somebody's own page is read, unless the reader knows them already.

    Raises:
        LimitError: when they may not be shown any more today.
    """
    if person.is_me or person.conversation or person.asked or person.asks_me:
        return
    readable = may_name([person.listing.public_id])
    if readable.over:
        raise LimitError(pause_words(readable))


def pause_words(readable: Readable) -> str:
    """Return why there are no more names today; nothing where there are."""
    if not readable.over:
        return ""
    return f"{_seen(readable.over == AREAS)} {_what_now()}"


def _seen(areas: bool) -> str:
    n = number_words(MOST_AREAS if areas else MOST_PEOPLE)
    if is_signed_in():
        if areas:
            return str(_("You have seen people in %(n)s areas today.", n=n))
        return str(_("You have seen %(n)s people today.", n=n))
    # Visitors are told apart by their network alone, which others can share.
    if areas:
        return str(_("Visitors from where you are have seen people in %(n)s areas today.", n=n))
    return str(_("Visitors from where you are have seen %(n)s people today.", n=n))


def _what_now() -> str:
    pause = _("So that nobody can collect the people here, no new names are shown until tomorrow.")
    if is_signed_in():
        return f"{pause} {_('The numbers and your conversations are as before.')}"
    return f"{pause} {_('The numbers are as before.')}"
