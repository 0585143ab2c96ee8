"""Counts whom visitors read in finished answers, as ``names_shown`` does (privacy rule 6)."""

import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import visitor_subject
from mapapp.actions.safety.reading_count import Readable, Reader, names_wanted, note, read_before
from mapapp.domain.core.keyed_hash import keyed_digest
from mapapp.settings import Settings
from mapapp.store.database import in_transaction, transaction
from mapapp.web.published.finished_store import Named, State

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_KNOWN = 20_000
"""So many pairs of a reader and an answer are remembered in a process."""
Pair = tuple[State, Named, bytes]


class NamesMeter:
    """Meters visitors, whom only their network tells apart.

    What was once shown to a reader may be shown again all day, and their count only grows. So it is
    enough to remember for whom nothing in an answer is new: the database need not be asked again.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings, self._proxies = settings, settings.trusted_proxies
        self._lock = Lock()
        self._known: OrderedDict[Pair, None] = OrderedDict()

    def knows(self, state: State, named: Named, environ: "WSGIEnvironment") -> bool:
        """Whether it is known in memory that nothing is new to this reader."""
        with self._lock:
            return self._pair(state, named, self._reader(environ)) in self._known

    def lets(self, state: State, named: Named, environ: "WSGIEnvironment") -> bool:
        """Note what is new to this reader; return whether they may read it all.

        Where they may not, or the database does not answer, it is for Flask to say so.
        """
        engine = state[0]
        if not isinstance(engine, Engine):
            return False
        try:
            found = self._noted(engine, named, self._reader(environ))
        except SQLAlchemyError:
            return False
        if not found.over:
            self.remember(state, named, environ)
        return not found.over

    def remember(self, state: State, named: Named, environ: "WSGIEnvironment") -> None:
        """Remember that this reader was metered for these people."""
        pair = self._pair(state, named, self._reader(environ))
        with self._lock:
            self._known[pair] = None
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)

    def _noted(self, engine: Engine, named: Named, reader: Reader) -> Readable:
        with transaction(engine, write=False) as session:
            ctx = Context(session, self._settings)
            wanted = names_wanted(ctx, reader, named.people, named.area_id)
            known = read_before(session, wanted)
        if known is not None:
            return known
        return in_transaction(engine, lambda own: note(own, wanted))

    def _reader(self, environ: "WSGIEnvironment") -> Reader:
        """Return who asks, as the site reads it behind its proxies."""
        seen = dict(environ)
        if self._proxies:
            fix = ProxyFix(_nothing, x_for=self._proxies, x_proto=0, x_host=0)
            fix(seen, _nothing)  # type: ignore[arg-type]
        return Reader(None, str(seen.get("REMOTE_ADDR") or ""))

    def _pair(self, state: State, named: Named, reader: Reader) -> Pair:
        # The day is in it: the limit is one of a day, and a state may be a moment old.
        who = visitor_subject(reader.address, int(time.time()))
        return state, named, keyed_digest(self._settings.secret, "kept", who)


def _nothing(*_given: object) -> tuple[()]:
    return ()
