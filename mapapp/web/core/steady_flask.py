"""Flask, but every request is answered in words and with the headers of every answer."""

import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from mapapp.store.database import OnlyReadsError, begun_anew, gave_way
from mapapp.web.core.failures import unforeseen
from mapapp.web.core.last_answer import last_answer
from mapapp.web.core.logs import QuietFlask
from mapapp.web.core.request_session import (
    SAFE_METHODS,
    SESSIONS,
    begin_to_write,
    db,
    forget_work,
    is_writing,
)
from mapapp.web.core.security import look_up_anew, this_session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

GAVE_UP = "gave_up"
"""Set where a page is made while the act could still write: it was refused."""


class SteadyFlask(QuietFlask):
    """What fails is told by a page; where that fails as well, by one made at the start."""

    def handle_exception(self, e: Exception) -> Response:
        """Answer an error that nothing foresaw; in tests it is raised again."""
        if self._raises():
            return super().handle_exception(e)
        self.log_exception(sys.exc_info())
        # Flask itself would log an error of this page with its message and send it bare.
        return self.process_response(self.make_response(unforeseen()))

    def wsgi_app(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer; whatever is raised on the way, the last answer is given instead."""
        said: list[tuple[Any, ...]] = []

        def _note(*given: Any) -> Any:
            said[:] = [given]  # the server is told when nothing can fail any more

        try:
            body = super().wsgi_app(environ, _note)
        except Exception:
            if self._raises():
                raise
            self.log_exception(sys.exc_info())
            body = last_answer(self, environ)(environ, _note)
        start_response(*said[0])
        return body

    def dispatch_request(self) -> ResponseReturnValue:
        """Call the view of the page: an act once as a reader, and again when it wants to write.

        Nearly all that is refused (no such thing, a form that is wrong, a limit that is reached) is
        refused by the reader, and keeps nobody waiting. The writer reads everything anew, and who
        may act as well: what the reader saw can be over. Where PostgreSQL ends it because another
        was in its way, it begins once more.
        """
        if request.method in SAFE_METHODS:
            return super().dispatch_request()
        before = this_session().state()
        try:
            answer = self._answer_of(super().dispatch_request())
            if answer.status_code < 400:
                db.session.flush()
            return answer
        except OnlyReadsError:
            pass
        except DBAPIError as error:
            if not gave_way(error):
                raise
        return begun_anew(partial(self._written, before))

    def _written(self, before: dict[str, Any]) -> Response:
        """Call the view as the writer; the session is as it was ``before``."""
        begin_to_write()
        this_session().go_back(before)
        look_up_anew()
        for name in set(g) - {SESSIONS}:
            g.pop(name)
        refusal = self.preprocess_request()
        answer = self._answer_of(super().dispatch_request() if refusal is None else refusal)
        if answer.status_code < 400:
            db.session.flush()
        return answer

    def _answer_of(self, given: ResponseReturnValue) -> Response:
        answer = self.make_response(given)
        if g.pop(GAVE_UP, False) and answer.status_code < 400:
            raise RuntimeError(f"{request.endpoint} makes its page before end_act()")
        return answer

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Before a page is made, roll back what it refuses: nobody waits for a page."""
        if SESSIONS in g and db.session.in_transaction() and is_writing():
            forget_work()
            setattr(g, GAVE_UP, True)
        super().update_template_context(context)

    def _raises(self) -> bool:
        wanted = self.config["PROPAGATE_EXCEPTIONS"]
        return bool(self.testing or self.debug) if wanted is None else bool(wanted)
