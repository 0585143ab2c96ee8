"""The worker's jobs, each by itself: one that fails is told by name, and the others go on."""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from sqlalchemy import Engine

from mapapp.actions.core.expiry import delete_expired
from mapapp.actions.mail.outbox import deliver_due
from mapapp.actions.members.alert_news import tell_todays_news
from mapapp.actions.moderation.case_mail import tell_moderators
from mapapp.actions.operations.upkeep import DAILY, after_erasing, do_today
from mapapp.actions.operations.webhook_send import send_messages, tell_webhooks
from mapapp.actions.published.publishing import publish_due
from mapapp.actions.safety.growth_notice import tell_of_growth
from mapapp.actions.statistics.release_make import make_due
from mapapp.errors import N_, Words
from mapapp.settings import Settings
from mapapp.store.database import transaction

FIRST_REST, LONGEST_REST = 2.0, 60.0  # seconds after a failure; doubled after each

Job = Callable[[], object]
Tell = Callable[[Words, str], None]
"""Called with a job that failed, and the kind of error: never with its message, which may hold an
address or what people wrote."""


class WorkerJobs:
    """All that the worker does, again and again."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        tell: Tell,
        more: Mapping[Words, Job] | None = None,
    ) -> None:
        """``more``: jobs that the command line adds, done last."""
        self._more = more or {}
        self._engine = engine
        self._settings = settings
        self._tell = tell
        self._rests: dict[Words, float] = {}  # how long a job that failed rests
        self._again: dict[Words, float] = {}  # and until when (Unix seconds)

    def run(self, now: float | None = None) -> bool:
        """Do each job that has something to do; return whether all succeeded."""
        moment = time.time() if now is None else now
        return all([self._do(name, job, moment) for name, job in self._jobs(moment)])

    def _jobs(self, now: float) -> Iterator[tuple[Words, Job]]:
        given = (self._engine, self._settings)
        for name in DAILY:
            yield name, partial(do_today, *given, name, now)
        yield N_("clearing away what was erased"), partial(after_erasing, *given, now)
        yield N_("publishing"), partial(publish_due, *given, now)
        yield N_("making releases"), partial(make_due, *given, now)
        yield N_("telling of news"), partial(tell_todays_news, *given, now)
        yield N_("looking for maps that grow fast"), partial(tell_of_growth, self._engine, now)
        yield N_("telling moderators"), partial(tell_moderators, *given, now)
        yield N_("telling webhooks"), partial(tell_webhooks, self._engine, now)
        yield N_("sending mail"), partial(deliver_due, *given)
        yield N_("sending to webhooks"), partial(send_messages, *given, now)
        yield N_("deleting what has expired"), self._delete_expired
        yield from self._more.items()

    def _do(self, name: Words, job: Job, now: float) -> bool:
        if self._again.get(name, 0) > now:
            return True
        try:
            job()
        except Exception as error:  # whatever it is, the other jobs must not wait for it
            rest = self._rests.get(name, FIRST_REST)
            self._rests[name], self._again[name] = min(rest * 2, LONGEST_REST), now + rest
            self._tell(name, type(error).__name__)
            return False
        self._rests.pop(name, None)
        return True

    def _delete_expired(self) -> None:
        with transaction(self._engine) as session:
            delete_expired(session)
