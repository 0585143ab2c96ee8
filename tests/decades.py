"""Members who give decades of birth and of diagnosis."""

from mapapp.actions.core.context import Context
from mapapp.actions.members.decade_choice import Decades, keep_decades
from mapapp.actions.published.publishing import publish_at_once
from mapapp.domain.mail.consent_wordings import words_version
from mapapp.store.members import Member
from tests import factories
from tests.trust import LEEDS, World

BOTH = Decades(1970, birth_shown=True, diagnosis=2010, diagnosis_shown=True)
KEPT_BACK = Decades(1970, birth_shown=False, diagnosis=2010, diagnosis_shown=False)
WORDS = ("Born in the 1970s", "Diagnosis in the 2010s")


def give(world: World, who: Member, decades: Decades, slug: str = "dystonia") -> None:
    """Let a member give decades, as others read them after a publication."""
    ctx = Context(world.session, world.settings, reader_id=who.id)
    keep_decades(ctx, world.condition(slug).id, decades)
    publish_at_once(world.session)
    world.session.commit()


def born(world: World, name: str, decade: int, area_id: int = LEEDS, **values: object) -> Member:
    """Return somebody who is on the map of dystonia and shows when they were born."""
    given = {"visibility": "map", "birth_decade": decade, "birth_shown": True, **values}
    who = world.member(pseudonym=name)
    factories.make_membership(world.session, world.condition(), area_id, member=who, **given)
    return who


def decade_form(**changes: str) -> dict[str, str]:
    """Return what the form sends that shows both."""
    return {
        "birth": "1970",
        "birth_seen": "map",
        "diagnosis": "2010",
        "diagnosis_seen": "map",
        "words": words_version(),
        **changes,
    }
