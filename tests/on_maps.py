"""Who a member is on a map, and blocks there, for tests that know conditions by slug."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from mapapp.actions.contact import block_member
from mapapp.store.conditions import Condition
from mapapp.store.contact import Block
from mapapp.store.members import Member, Membership
from tests import factories


@dataclass
class Maps:
    """The maps of a site."""

    session: Session

    def condition(self, slug: str = "dystonia") -> Condition:
        """Return the condition ``slug``."""
        return factories.make_condition(self.session, slug)

    def on_map(self, who: Member, slug: str = "dystonia") -> Membership:
        """Return a member's membership as it stands in the database."""
        key = (self.condition(slug).id, who.id)
        return self.session.get_one(Membership, key, populate_existing=True)

    def block(self, who: Member, whom: Member, slug: str = "dystonia") -> None:
        """Block somebody on one map."""
        block_member.block(self.session, who.id, whom.id, self.condition(slug).id)
        self.session.flush()

    def unblock(self, who: Member, whom: Member, slug: str = "dystonia") -> None:
        """Take a block on one map back."""
        key = (who.id, whom.id, self.condition(slug).id)
        block_member.unblock(self.session, who.id, self.session.get_one(Block, key).public_id)
        self.session.flush()
