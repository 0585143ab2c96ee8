"""Fifty members write at once: nothing is lost or doubled, one mail for each conversation."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.contact import conversation_list, message_send
from mapapp.actions.core.context import Context
from mapapp.settings import Settings
from mapapp.store.contact import Message
from mapapp.store.database import transaction
from tests import factories
from tests.mail import waiting_mail

MEMBERS, EACH = 50, 4


def test_fifty_members_write_at_once(engine: Engine, session: Session, settings: Settings) -> None:
    condition = factories.make_condition(session, "dystonia")
    people = [factories.make_member(session) for _ in range(MEMBERS)]
    pairs = list(zip(people[::2], people[1::2], strict=True))
    found = [conversation_list.begin(session, condition.id, a.id, b.id) for a, b in pairs]
    session.commit()
    work = [
        (member.id, conversation, f"Message {n} of {member.id}", str(uuid.uuid4()))
        for conversation, pair in zip(found, pairs, strict=True)
        for member in pair
        for n in range(EACH)
    ]

    def _write(job: tuple[int, str, str, str]) -> str:
        with transaction(engine) as own:
            ctx = Context(own, settings, reader_id=job[0])
            return message_send.send_message(ctx, *job[1:])

    with ThreadPoolExecutor(MEMBERS) as pool:
        # Every form is sent twice, as tired hands and bad networks do.
        states = list(pool.map(_write, [job for job in work for _twice in range(2)]))
    assert set(states) == {"sent"}
    session.expire_all()
    texts = Counter(session.scalars(select(Message.text)))
    assert texts == Counter(text for _member, _conversation, text, _key in work)
    mails = Counter(mail.to for mail in waiting_mail(session, settings))
    assert mails == Counter({member.email: 1 for member in people})
    for (a, b), conversation in zip(pairs, found, strict=True):
        for reader in (a, b):
            words = message_send.open_conversation(session, reader.id, conversation).words.items
            assert sum(not w.is_mine for w in words) == EACH
