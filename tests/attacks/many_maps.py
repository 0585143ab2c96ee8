"""Very many maps alike, each with a secret of its own: one trial of an attack each."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from mapapp.actions.mail import consent_receipts
from mapapp.actions.published.publishing import WITH_THE_NEXT, publish_at_once
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.mail.consent_wordings import TREATMENTS
from mapapp.store.bulk import insert_rows, reserve_ids
from mapapp.store.conditions import Condition
from mapapp.store.mail import Consent
from mapapp.store.members import Member, Membership, new_public_id
from mapapp.store.treatments import Treatment, TreatmentUse
from tests.places import zones_of

HOME = zones_of("GB-ENG")[0]
COUNTRY_CODE = "GB"
OLD, BETWEEN = "2026-06", "2027-01"
"""Months: of people who take part in the first release of 2027, and of those who came later."""
LISTED = 60
"""On each map, so that it has a release each year."""
NEXT_ORDER = iter(range(1, 10**9))


@dataclass
class ManyMaps:
    """Maps of one site; ``secrets`` has for each map whether the person in question is there."""

    session: Session
    chance: random.Random
    conditions: list[Condition] = field(default_factory=list)
    secrets: dict[int, bool] = field(default_factory=dict)

    def add(self, n: int, listed: int = LISTED) -> list[Condition]:
        """Add so many maps with so many listed people, and a secret each; return them."""
        first = len(self.conditions)
        added = [
            Condition(code=f"ATTACK:{at}", slug=f"map-{at}", name=f"Map {at}", edited=True)
            for at in range(first, first + n)
        ]
        self.session.add_all(added)
        self.session.flush()
        self.conditions += added
        self.secrets |= {c.id: self.chance.random() < 0.5 for c in added}
        for condition in added:
            self.people(condition, listed, "public")
        return added

    def people(
        self, condition: Condition, n: int, visibility: str, month: str = OLD, **said: object
    ) -> list[int]:
        """Put so many new people on a map, and return their numbers.

        ``said``: other columns of their memberships than usual, such as ``area_id``.
        """
        ids = self.members(n)
        places = [
            {
                "condition_id": condition.id,
                "member_id": i,
                "public_id": new_public_id(),
                "pseudonym": f"Person {i}",
                "area_id": HOME,
                "area_version": "test",
                "visibility": visibility,
                "due": WITH_THE_NEXT if is_listed(visibility) else None,
                "role": "self",
                "month": month,
                "listing_order": next(NEXT_ORDER),
                **said,
            }
            for i in ids
        ]
        insert_rows(self.session, Membership, places)
        return ids

    def members(self, n: int) -> list[int]:
        """Add so many members who are on no map, and return their numbers."""
        ids = reserve_ids(self.session, Member, n)
        members = [
            {
                "id": i,
                "account_id": new_public_id(),
                "session_handle": new_public_id(),
                "active": True,
            }
            for i in ids
        ]
        insert_rows(self.session, Member, members)
        return ids

    def treatment(self, condition: Condition, said: Iterable[tuple[int, str]]) -> Treatment:
        """Add a treatment that these people tried, and how it went for each."""
        made = Treatment(condition_id=condition.id, name="Tea", state="open")
        self.session.add(made)
        self.session.flush()
        uses = [
            {"treatment_id": made.id, "member_id": i, "outcome": went, "side_effects": False}
            for i, went in said
        ]
        insert_rows(self.session, TreatmentUse, uses)
        agreed = consent_receipts.receipt
        consents = [agreed(use["member_id"], TREATMENTS, condition.id) for use in uses]
        insert_rows(self.session, Consent, consents)
        return made

    def publish(self) -> None:
        """Let everybody see who is listed."""
        publish_at_once(self.session)
        self.session.commit()
