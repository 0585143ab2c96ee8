"""An attack on moving, hiding and leaving: by somebody who watches a map, with accounts there."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mapapp.domain.core.visibilities import COUNTED, MAP, PUBLIC
from mapapp.domain.mail.consent_wordings import words_version
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import MemberLanguage, Membership
from tests.attacks.duel import Attack, Outcome
from tests.attacks.likeness import Scene, Stage, done, tell_apart
from tests.attacks.many_maps import HOME
from tests.attacks.on_counts import AREA, AWAY, NEAR
from tests.attacks.taken_away import all_are_named, hidden_are_counted
from tests.attacks.target import Reply, Target
from tests.forms import place_form
from tests.places import zone_at_band

SEED = 7
FAR_AWAY = zone_at_band(HOME, 4)
OF_TWO = ("which moved", "which hid", "which left")
"""Of two people whom the watcher does not see by name, in one zone."""
OF_ONE = ("hid or left", "hid or erased")
"""Of somebody whom everybody saw by name, and whom the watcher had asked for contact."""
OF_HIDDEN = ("hidden left", "hidden moved")
"""Whether it happened, and where to."""


def who_did_what(target: Target, trials: int) -> Outcome:
    """Attack 7: which of two moved, hid or left; whether one hid or left; what a hidden one did."""
    scene = Scene((*OF_TWO, *OF_ONE, *OF_HIDDEN), _with_watchers, _act, _watched)
    return tell_apart(target, trials, scene, SEED)


def _with_watchers(stage: Stage, condition: Condition) -> None:
    stage.bring(condition, "one", MAP, role="parent")
    stage.bring(condition, "other", MAP)
    stage.bring(condition, "seen", PUBLIC, public_id=_address_of(condition))
    stage.bring(condition, "hidden", COUNTED)
    stage.bring(condition, "outside", COUNTED)
    stage.bring(condition, "inside", MAP)
    tags = {"one": "fr", "other": "de", "seen": "en", "inside": "en"}
    spoken = [{"member_id": stage.cast[condition.id, p], "language": t} for p, t in tags.items()]
    insert_rows(stage.target.session, MemberLanguage, spoken)


def _act(stage: Stage, condition: Condition, is_first: bool) -> None:
    """Something happens, and one of the watcher's own comes, so that numbers change in any case."""
    stage.maps.people(condition, 1, PUBLIC)
    stage.target.session.commit()
    if stage.kind in OF_TWO:
        who = "one" if is_first else "other"
        what = stage.kind.removeprefix("which ")
    elif stage.kind in OF_ONE:
        _ask(stage, condition)
        who, what = "seen", stage.kind.split(" or ")[0 if is_first else 1]
    else:
        who, what = "hidden", stage.kind.removeprefix("hidden ")
        if what == "left" and not is_first:
            return
    where = AWAY if is_first or stage.kind in OF_TWO else FAR_AWAY
    _do(stage, condition, who, what, where)


def _address_of(condition: Condition) -> str:
    """Return the public id of who is seen on a map, which the watcher knows from before."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, condition.slug))


def _ask(stage: Stage, condition: Condition) -> None:
    asking = {"reason": "meet", "greeting": "hello", "words": words_version()}
    address = f"/members/{_address_of(condition)}/connect"
    done(stage.player(condition, "inside").post(f"{address}?condition={condition.slug}", asking))


def _place(stage: Stage, condition: Condition, part: str) -> Membership:
    found = stage.target.session.get_one(Membership, (condition.id, stage.cast[condition.id, part]))
    stage.target.session.commit()
    return found


def _do(stage: Stage, condition: Condition, part: str, what: str, where: int) -> None:
    person, place = stage.player(condition, part), f"/places/{condition.slug}"
    words = {"words": words_version()}
    if what == "hid":
        done(person.post(f"{place}/visibility", {"visibility": COUNTED, **words}))
    elif what == "left":
        done(person.post(f"{place}/remove", {}))
    elif what == "erased":
        done(person.post("/account/erase", {}))
    else:
        same = _place(stage, condition, part)
        kept = {"role": same.role, "visibility": same.visibility, "pseudonym": same.pseudonym}
        form = place_form(area_id=where, adult="y", **kept)
        done(person.post(f"/conditions/{condition.slug}/place", form))


def _watched(stage: Stage, condition: Condition) -> Sequence[Reply]:
    """Return all that a watcher reads, who is outside where cards tell those inside what it was."""
    path = f"/conditions/{condition.slug}"
    visitor, outside = (stage.player(condition, part) for part in ("", "outside"))
    seen = [
        *(visitor.get(f"{path}{page}") for page in (f"/{NEAR}", f"/{AREA}/people.json")),
        *(outside.get(f"{path}{page}") for page in (f"/{NEAR}&role=parent", f"/{AREA}")),
        visitor.get(f"/api/v1{path}/counts?level=zone"),
        visitor.get(f"{path}/statistics"),
    ]
    if stage.kind in OF_TWO:
        return seen
    inside = stage.player(condition, "inside")
    pages = [f"{path}/{NEAR}", "/inbox", "/account/data.json"]
    if stage.kind in OF_ONE:
        address = _address_of(condition)
        pages += [f"/members/{address}/connect", f"/report/person/{address}"]
    return [*seen, *(inside.get(page) for page in pages)]


@contextmanager
def _all_are_counted_and_named() -> Iterator[None]:
    with hidden_are_counted(), all_are_named():
        yield


ATTACKS = (
    Attack(
        "7", "who moved, hid or left, and where to", who_did_what, _all_are_counted_and_named, 10
    ),
)
