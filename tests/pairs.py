"""Two people in a conversation, as tests of messages need them."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mapapp.actions.contact import conversation_list, message_send
from mapapp.actions.core.context import Context
from mapapp.actions.core.paging import Spot
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests import contact_requests
from tests.mail import waiting_mail
from tests.trust import World

NOW = 1_795_000_000


@dataclass
class Pair:
    """Two people in a conversation."""

    world: World
    me: Member
    other: Member
    conversation: str

    @property
    def session(self) -> Session:
        return self.world.session

    @property
    def settings(self) -> Settings:
        return self.world.settings

    def write(self, who: Member, text: str, key: str = "", conversation: str = "") -> str:
        key = key or str(uuid.uuid4())
        ctx = Context(self.session, self.settings, reader_id=who.id, now=NOW)
        return message_send.send_message(ctx, conversation or self.conversation, text, key)

    def opened(self, who: Member, spot: Spot | None = None) -> message_send.OpenConversation:
        return message_send.open_conversation(self.session, who.id, self.conversation, spot)

    def reads(self, who: Member) -> list[tuple[bool, str]]:
        return [(w.is_mine, w.text) for w in self.opened(who).words.items]

    def has(self, who: Member) -> conversation_list.ListedConversation:
        (found,) = conversation_list.my_conversations(self.session, who.id)
        return found

    def mails(self, who: Member) -> int:
        return sum(mail.to == who.email for mail in waiting_mail(self.session, self.settings))


def make_pair(world: World) -> Pair:
    """Return two new people whose conversation has begun."""
    me, other = world.somebody(pseudonym="Me"), world.somebody(pseudonym="Wren")
    return Pair(
        world, me, other, contact_requests.connected(world.session, world.settings, me, other)
    )
