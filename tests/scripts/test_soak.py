"""The soak: that it finds each kind of fault, in answers that it is given and in a real site."""

import json
import subprocess
import sys
import threading

import pytest

from mapapp.domain.areas.area_tree import load_areas
from mapapp.paths import DATA

sys.path.insert(0, str(DATA.parent / "scripts"))
from soak_history import MAP, MEMBERS, ON_MAP, PUBLIC, SIGNED_IN, VISITOR, Card, Flip, History, Try
from soak_judge import Block, Heard, Judge
from soak_numbers import SITE, Listed, Publication
from soak_pages import Asked, claims_of

AREAS = load_areas()
COUNTRY = AREAS.by_code("NO").id
REGION = int(AREAS.children(COUNTRY)[0])
ZONE, BESIDE = (int(one) for one in AREAS.children(REGION)[:2])
SLUG = "dystonia"
NAME, OTHER = "Quiet Zqabcdefghi", "Quiet Zqihgfedcba"
PEOPLE = Asked("people", "/people.json", SLUG, ZONE)
COUNTS = Asked("counts", "/counts", SLUG, 0, "country")


def _publication(number: int, at: float, *people: tuple[int, int, int]) -> Publication:
    """Return one made between two seconds before ``at`` and ``at``; all people are in the zone."""
    placed = {ZONE: tuple(map(sum, zip(*people, strict=True)))} if people else {}
    n = sum(placed[ZONE]) if placed else 0
    listed = (Listed(SLUG, "Dystonia", n, n),) if n else ()
    flip = Flip(number, at - 2, at - 0.1, at)
    return Publication(flip, {SLUG: placed, SITE: placed}, listed, AREAS)  # type: ignore[dict-item]


def _judge(*publications: Publication) -> Judge:
    return Judge(AREAS, {one.flip.number: one for one in publications})


def _person(judge: Judge, audience: str = PUBLIC, owner: int = 1, name: str = NAME) -> History:
    """Return somebody who came at second 10 and was acknowledged at 11."""
    history = History(SLUG, owner, f"00000000-0000-4000-8000-{owner:012}")
    history.begin(10, Card(ZONE, audience, name), judge.parent).acked = 11
    judge.add(history)
    judge.by_name[name.split()[1]] = judge.by_id[history.public_id] = history
    return history


def _says(*names: str, unnamed: int = 0) -> str:
    words = "people here are shown only to members or people on this map. Once you are on it, …"
    note = f"{unnamed} {words}" if unnamed else ""
    return json.dumps({"people": [{"name": name} for name in names], "note": note})


def _counted(n: int) -> str:
    return json.dumps({"total": n, "ids": [COUNTRY] if n else [], "counts": [n] if n else []})


def _found(judge: Judge, asked: Asked, text: str, at: float, owner: int = 0) -> str:
    judge.hear(Heard(asked, at, at + 0.5, text, owner))
    return " ".join(judge.violations)


ONE = (1, 0, 0)


def test_an_answer_of_the_publication_that_stands_is_right() -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    _person(judge)
    assert not _found(judge, COUNTS, _counted(0), 15)
    assert not _found(judge, COUNTS, _counted(1), 30)
    assert not _found(judge, PEOPLE, _says(), 15)
    assert not _found(judge, PEOPLE, _says(NAME), 30)
    assert judge.counted["answers"] == 4


@pytest.mark.parametrize("at", [19.0, 19.7])
def test_around_a_flip_an_answer_may_be_of_either_publication(at: float) -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    assert not _found(judge, COUNTS, _counted(0), at)
    assert bool(_found(judge, COUNTS, _counted(1), at)) == (at + 0.5 < 19.9)


def test_numbers_of_an_earlier_publication_are_found() -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    assert "numbers are of: [1]" in _found(judge, COUNTS, _counted(0), 30)


def test_numbers_of_two_publications_in_one_answer_are_found() -> None:
    judge = _judge(_publication(1, 5, ONE), _publication(2, 20, ONE, ONE))
    mixed = json.dumps({"total": 1, "ids": [COUNTRY], "counts": [2]})
    assert "numbers are of none" in _found(judge, COUNTS, mixed, 19.8)


def test_numbers_and_names_of_two_publications_in_one_answer_are_found() -> None:
    judge = _judge(_publication(1, 5, (0, 1, 0)), _publication(2, 20, (1, 1, 0)))
    _person(judge)
    assert not _found(judge, PEOPLE, _says(NAME, unnamed=1), 30)
    judge.publications[2] = _publication(2, 20, (1, 2, 0))
    assert "numbers are of: [1]" in _found(judge, PEOPLE, _says(NAME, unnamed=1), 30)


def test_a_name_before_its_publication_is_found() -> None:
    judge = _judge(_publication(1, 5))
    _person(judge)
    assert "not to be read then" in _found(judge, PEOPLE, _says(NAME), 15)


@pytest.mark.parametrize(
    "after",
    [None, Card(ZONE, MEMBERS, NAME), Card(REGION, PUBLIC, NAME), Card(ZONE, PUBLIC, OTHER)],
)
def test_a_name_after_its_owner_took_something_away_is_found(after: Card | None) -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    act = _person(judge).begin(25, after, judge.parent)
    assert not _found(judge, PEOPLE, _says(NAME), 30)  # nobody knows yet whether it was done
    act.acked = 31
    assert not _found(judge, PEOPLE, _says(NAME), 30.9)
    assert not _found(judge, PEOPLE, _says(), 31.5)
    assert "not to be read then" in _found(judge, PEOPLE, _says(NAME), 31.5)


def test_an_address_of_somebody_who_left_is_found() -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    history = _person(judge)
    history.begin(25, None, judge.parent).acked = 26
    page = f'<a href="/members/{history.public_id}/connect">'
    assert history.public_id in _found(judge, Asked("nearby", "/nearby", SLUG), page, 30)


def test_an_old_place_after_the_publication_of_the_new_one_is_found() -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE), _publication(3, 40, ONE))
    history = _person(judge)
    history.begin(25, Card(BESIDE, PUBLIC, NAME), judge.parent).acked = 26
    assert not _found(judge, PEOPLE, _says(NAME), 30)
    assert "not to be read then" in _found(judge, PEOPLE, _says(NAME), 50)


@pytest.mark.parametrize(
    ("audience", "readers"),
    [(PUBLIC, (VISITOR, SIGNED_IN, ON_MAP)), (MEMBERS, (SIGNED_IN, ON_MAP)), (MAP, (ON_MAP,))],
)
@pytest.mark.parametrize("reader", [VISITOR, SIGNED_IN, ON_MAP])
def test_a_name_for_others_is_found(audience: str, readers: tuple[str, ...], reader: str) -> None:
    numbers = tuple(int(one == audience) for one in (PUBLIC, MEMBERS, MAP))
    judge = _judge(_publication(1, 5), _publication(2, 20, numbers))  # type: ignore[arg-type]
    _person(judge, audience)
    asked = Asked("people", "/people.json", SLUG, ZONE, reader=reader)
    text = _says(NAME, unnamed=int(reader == VISITOR and audience != PUBLIC))
    assert bool(_found(judge, asked, text, 30, owner=7)) == (reader not in readers)


def test_somebody_who_is_missing_after_a_publication_is_found() -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    _person(judge)
    assert "lacks somebody" in _found(judge, PEOPLE, _says(), 30)


def test_who_was_at_it_meanwhile_may_come_later() -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    _person(judge).tries.append(Try(17.5, 18.5))
    assert not _found(judge, PEOPLE, _says(), 30)


def test_somebody_behind_a_block_is_found() -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    _person(judge)
    asked = Asked("people", "/people.json", SLUG, ZONE, reader=SIGNED_IN)
    judge.blocks.append(Block(SLUG, frozenset({1, 7}), 25, 26))
    assert not _found(judge, asked, _says(NAME), 25.5, owner=7)
    assert not _found(judge, asked, _says(NAME), 30, owner=8)
    assert not _found(judge, asked, _says(), 30, owner=7)
    assert "behind a block" in _found(judge, asked, _says(NAME), 30, owner=7)


def test_a_name_on_another_map_is_found() -> None:
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    _person(judge)
    assert "of another map" in _found(judge, Asked("home too", "/", ""), NAME, 30)


def test_a_page_that_does_not_say_its_numbers_is_found() -> None:
    judge = _judge(_publication(1, 5))
    assert "Cannot be read" in _found(judge, Asked("map", "/map", SLUG), "<p>Sorry.</p>", 30)


def test_the_parts_of_a_page_are_read_one_by_one() -> None:
    page = (
        '<span class="people-number">1,203 people</span> in 1 country'
        '<tr data-area="7"><td class="figure">5</td>'
        '<script type="application/json" id="map-numbers">'
        '{"total": 1204, "ids": [7], "counts": [6]}</script>'
    )
    claims = claims_of(Asked("map", "/map", SLUG), page, lambda _code: 7)
    assert {claim[-1] for claim in claims if claim[0] == "people"} == {1203, 1204}
    assert len([claim for claim in claims if claim[0] == "at_level"]) == 2


def _run(*more: str) -> "subprocess.CompletedProcess[str]":
    script = str(DATA.parent / "scripts" / "soak.py")
    few = ("--writers", "3", "--readers", "8")
    command = [sys.executable, script, *few, *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)


FORGETS_TO_LOOK = """
from mapapp.store.public_version import PublicVersion
PublicVersion.now = lambda self: "always the same"
"""


def test_a_run_finds_kept_answers_that_are_not_dropped() -> None:
    done = _run("--seconds", "600", "--first", "--plant", FORGETS_TO_LOOK)
    assert done.returncode == 1, done.stdout[-5000:] + done.stderr[-3000:]
    assert "VIOLATION: " in done.stdout
    assert "numbers are of: [" in done.stdout


def test_names_are_judged_while_others_write() -> None:
    """Records are read by many threads, while they grow."""
    judge = _judge(_publication(1, 5), _publication(2, 20, ONE))
    _person(judge)
    ends = threading.Event()

    def _grow() -> None:
        for n in range(2, 500):
            _person(judge, owner=n, name=f"Quiet Zqaa{n:07}".translate(_LETTERS))
        ends.set()

    thread = threading.Thread(target=_grow)
    thread.start()
    while not ends.is_set():
        judge.hear(Heard(COUNTS, 30, 30.5, _counted(1)))
    thread.join()
    assert not judge.violations
    assert len(judge.histories) == 499


_LETTERS = str.maketrans("0123456789", "abdeghiklm")
