"""The example of docs/webhooks.md checks real messages, and what stands there is true."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.core.context import Context
from mapapp.actions.operations.webhook_acts import send_test
from mapapp.actions.operations.webhook_http import Door
from mapapp.actions.operations.webhook_send import send_messages
from mapapp.domain.operations.webhook_rules import EVENT_WORDS, TEST
from mapapp.paths import DATA
from mapapp.settings import Settings
from mapapp.store.records import Webhook
from tests.https_server import https_server
from tests.webhooks import Hooks

WORDS = (DATA.parent / "docs" / "webhooks.md").read_text(encoding="utf-8")


def _example() -> dict[str, Any]:
    (code,) = re.findall(r"```python\n(.*?)```", WORDS, re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 -- what readers are told to run
    return found


def test_every_event_is_explained() -> None:
    explained = set(re.findall(r"^\| `([a-z.]+)` \|", WORDS, re.MULTILINE)) - {"type"}
    assert explained == {*EVENT_WORDS, TEST}


def test_the_example_accepts_real_messages_and_no_others(
    engine: Engine,
    session: Session,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked = _example()["checked"]
    hooks = Hooks(engine, session, settings)
    hook, secret = hooks.add()
    with https_server(tmp_path) as receiver:
        session.query(Webhook).update({"url": receiver.url()})
        send_test(Context(session, settings), By("shell"), hook.public_id)
        session.commit()
        door = Door(
            resolve=lambda _host, _port: ["127.0.0.1"],
            may_reach=lambda _address: True,
            certificates=receiver.trusted,
        )
        assert send_messages(engine, settings, door=door) == 1
    (came,) = receiver.received
    body = came.body.encode()
    assert checked(secret, came.headers, body)["type"] == TEST
    assert checked(secret, came.headers, body + b" ") is None
    assert checked("whsec_" + "A" * 43 + "=", came.headers, body) is None
    assert checked(secret, {**came.headers, "webhook-id": "msg_2"}, body) is None
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert checked(secret, came.headers, body) is None
