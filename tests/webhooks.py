"""Webhooks of tests: one that is there, and a way out that notes what leaves."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.core.context import Context
from mapapp.actions.operations import webhook_send
from mapapp.actions.operations.webhook_acts import Hook, Wanted, add_webhook
from mapapp.actions.operations.webhook_http import NotSentError
from mapapp.domain.operations.webhook_rules import CASE_WAITS, MAP_GREW, Target, signature
from mapapp.settings import Settings

URL = "https://hooks.example.org/in?key=1"
BOTH = (MAP_GREW, CASE_WAITS)


@dataclass
class Way:
    """What was sent instead of going out, and what the receiver answers."""

    answer: int | str = 204
    sent: list[tuple[Target, dict[str, str], str]] = field(default_factory=list)

    def __call__(self, _door: object, target: Target, headers: dict[str, str], body: bytes) -> int:
        self.sent.append((target, dict(headers), body.decode()))
        if isinstance(self.answer, str):
            raise NotSentError(self.answer)
        return self.answer

    @property
    def told(self) -> list[dict[str, Any]]:
        """What the messages say."""
        return [json.loads(body) for _, _, body in self.sent]

    @property
    def numbers(self) -> list[str]:
        """The numbers of the messages."""
        return [headers["webhook-id"] for _, headers, _ in self.sent]

    def is_signed(self, secret: str) -> bool:
        """Whether each message is signed with ``secret``."""
        return all(
            headers["webhook-signature"]
            == signature(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
            for _, headers, body in self.sent
        )


@dataclass(frozen=True)
class Hooks:
    """A site with webhooks."""

    engine: Engine
    session: Session
    settings: Settings

    def add(self, *events: str, name: str = "Chat") -> tuple[Hook, str]:
        """Add a webhook; return it with its secret."""
        wanted = Wanted(name, URL, events or BOTH)
        added = add_webhook(Context(self.session, self.settings), By("shell", "For us."), wanted)
        self.session.commit()
        return added

    def turn(self, now: int) -> int:
        """Let the worker tell and send; return how many messages were taken."""
        self.session.commit()
        webhook_send.tell_webhooks(self.engine, now)
        return webhook_send.send_messages(self.engine, self.settings, now)

    def change(self, act: Callable[[Session], object]) -> None:
        """Do something with the site's rows."""
        self.session.rollback()
        act(self.session)
        self.session.commit()
