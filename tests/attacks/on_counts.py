"""An attack on numbers: what one person chose, from differences between numbers.

The attacker reads the same numbers before and after, at all levels and with all filters, with
accounts of their own of every kind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from mapapp.actions.published import card_rows
from mapapp.domain.core.visibilities import COUNTED, MAP, PUBLIC
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import MemberLanguage, Membership
from tests.attacks.duel import Attack, Outcome
from tests.attacks.likeness import Scene, Stage, done, tell_apart
from tests.attacks.many_maps import HOME
from tests.attacks.taken_away import hidden_are_counted
from tests.attacks.target import Reply, Target
from tests.decades import decade_form
from tests.forms import place_form
from tests.places import zone_at_band
from tests.trust import AREAS

SEED = 6
HALF_OF_FAKES = 10
EARLY, LATE = 1950, 1980
"""Decades of birth, too far apart for one to be about the age of the other."""
AWAY = zone_at_band(HOME, 3)
NEAR, AREA = f"nearby?area={HOME}", f"areas/{AREAS.code[HOME]}"
"""Of each map: around the zone in which its people are, and that zone."""


def what_one_chose(target: Target, trials: int) -> Outcome:
    """Attack 6: whether a hidden member joined; which area, role and language they chose, and which
    decade another one keeps to themselves.
    """
    scene = Scene(("joined", "chose"), _with_fakes, _choose, _all_numbers)
    return tell_apart(target, trials, scene, SEED)


def _with_fakes(stage: Stage, condition: Condition) -> None:
    """Ten of the twenty fakes are there before."""
    stage.bring(condition, "hidden")
    stage.bring(condition, "keeps the decade", MAP)
    stage.bring(condition, "hidden fake", COUNTED)
    for decade in (EARLY, LATE):
        stage.bring(condition, f"fake of {decade}", MAP, birth_decade=decade, birth_shown=True)
    some = stage.maps.people(condition, HALF_OF_FAKES - 3, PUBLIC, role="parent")
    spoken = [{"member_id": i, "language": tag} for i in some for tag in ("en", "fr")]
    insert_rows(stage.target.session, MemberLanguage, spoken)


def _choose(stage: Stage, condition: Condition, is_first: bool) -> None:
    """The person acts, and the other ten fakes join."""
    path = f"/conditions/{condition.slug}"
    if stage.kind == "chose":
        where, role, language = (HOME, "parent", "fr") if is_first else (AWAY, "self", "de")
        form = {"area_id": where, "role": role, "languages": [language]}
        decade = decade_form(birth=str(EARLY if is_first else LATE), birth_seen="nobody")
        keeper = stage.player(condition, "keeps the decade")
        done(keeper.post(f"{path}/decades", decade))
        moving = place_form(visibility=MAP, adult="y", area_id=AWAY)  # so that the card comes anew
        done(keeper.post(f"{path}/place", moving))
    else:
        form = {"area_id": HOME}
    if stage.kind == "chose" or is_first:
        placing = place_form(visibility=COUNTED, adult="y", **form)
        done(stage.player(condition, "hidden").post(f"{path}/place", placing))
    stage.maps.people(condition, HALF_OF_FAKES // 2, PUBLIC)
    stage.maps.people(condition, HALF_OF_FAKES // 2, MAP, area_id=AWAY)
    stage.target.session.commit()


def _all_numbers(stage: Stage, condition: Condition) -> list[Reply]:
    asked = {
        "": ("", "/statistics", f"/{AREA}", "/areas/GB"),
        "hidden fake": (f"/nearby?area={AWAY}", f"/{NEAR}&role=parent&language=fr"),
        f"fake of {EARLY}": (f"/{NEAR}&age=mine", f"/{NEAR}&language=fr"),
        f"fake of {LATE}": (f"/{NEAR}&age=mine",),
    }
    seen = []
    for part, pages in asked.items():
        reader = stage.player(condition, part)
        seen += [reader.get(f"/conditions/{condition.slug}{page}") for page in pages]
    api = f"/api/v1/conditions/{condition.slug}/counts?level="
    return [*seen, *(stage.player(condition, "").get(api + level) for level in ("country", "zone"))]


@contextmanager
def _exact_and_of_all() -> Iterator[None]:
    """Count hidden members, too, and let people be found by decades that they do not show."""
    of_all = patch.object(card_rows, "SHOWN_BIRTH", Membership.birth_decade)
    with hidden_are_counted(), of_all:
        yield


ATTACKS = (
    Attack("6", "what one chose, with twenty fakes", what_one_chose, _exact_and_of_all, short=10),
)
