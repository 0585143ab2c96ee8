"""Who may be shown by name on a page, and what it says when nobody may (privacy rule 6)."""

from collections.abc import Iterable

from flask import request

from mapapp.actions.safety.reading_count import (
    Readable,
    Reader,
    names_wanted,
    note,
    read_before,
)
from mapapp.domain.safety.reading_limits import AREAS, MOST_AREAS, MOST_PEOPLE
from mapapp.errors import N_, LimitError
from mapapp.store.database import in_transaction
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db, is_writing, keep_what_was_done
from mapapp.web.core.security import current_member_id, is_signed_in, this_context
from mapapp.web.published.finished_pages import NAMES_PEOPLE
from mapapp.web.published.finished_store import Named

# By whether the reader is signed in, and whether there were too many areas instead of people.
# Visitors are distinguished only by their network, which others can share.
PAUSES = {
    (True, True): N_(
        "You have seen people in %(n)s areas today. So that nobody can make a list of the "
        "people here, no new names are shown until tomorrow. The numbers and your "
        "conversations are as before."
    ),
    (True, False): N_(
        "You have seen %(n)s people today. So that nobody can make a list of the people "
        "here, no new names are shown until tomorrow. The numbers and your conversations "
        "are as before."
    ),
    (False, True): N_(
        "Visitors from your network have seen people in %(n)s areas today. So that nobody "
        "can make a list of the people here, no new names are shown until tomorrow. The "
        "numbers are as before."
    ),
    (False, False): N_(
        "Visitors from your network have seen %(n)s people today. So that nobody can make "
        "a list of the people here, no new names are shown until tomorrow. The numbers are "
        "as before."
    ),
}


def may_name(people: Iterable[str], area_id: int | None = None) -> Readable:
    """Note the people this page is about to show, by public id; return those that may be shown."""
    once = NAMES_PEOPLE not in request.environ
    request.environ[NAMES_PEOPLE] = True
    shown = tuple(people)
    found = _metered(shown, area_id)
    if once and not found.over:
        request.environ[NAMES_PEOPLE] = Named(shown, area_id) if shown else None
    return found


def _metered(people: tuple[str, ...], area_id: int | None) -> Readable:
    reader = Reader(current_member_id(), request.remote_addr or "")
    wanted = names_wanted(this_context(), reader, people, area_id)
    known = read_before(db.session, wanted)
    if known is not None:
        return known
    if is_writing():
        # It would wait for itself in another one; the rollback of a refusal would undo the note.
        found = note(db.session, wanted)
        keep_what_was_done()
        return found
    # In a transaction of its own: the request's only reads.
    return in_transaction(db.engine, lambda own: note(own, wanted))


def pause_of(readable: Readable) -> LimitError:
    """Return why there are no more names today."""
    over_areas = readable.over == AREAS
    words = PAUSES[is_signed_in(), over_areas]
    return LimitError(words, n=MOST_AREAS if over_areas else MOST_PEOPLE)


def pause_words(readable: Readable) -> str:
    """Return why there are no more names today; nothing where there are."""
    return translated(pause_of(readable)) if readable.over else ""
