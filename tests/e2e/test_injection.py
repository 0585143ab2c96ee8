"""Texts that would run, in every place where a text is shown: none runs, none becomes an element.

Each page is read by a browser on two sites that differ in nothing but the words. Elements and the
names of their attributes must be the same on both, and the words must be there as they were kept.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from mapapp.actions.statistics.export_asked import make_asked
from mapapp.domain.core.devices import device_of
from mapapp.domain.core.web_links import addresses_in, host_of
from mapapp.domain.statistics.inert_cells import FORMULA
from mapapp.store.database import make_engine
from tests.e2e.planted import FORMULAS
from tests.e2e.settling import settle
from tests.e2e.shown import PAGES, REFLECTED, ZONE, refused
from tests.e2e.twins import CARELESS, SKELETON, World, assert_quiet, plain, read, twins
from tests.injections import COMPUTED, EVERYTHING, PAYLOADS, harmless, packed
from tests.mail import waiting_mail
from tests.sampling import Sampling

pytestmark = pytest.mark.browser

FRAME = "/embed/conditions/{}"
PRINTED = {"card.png": b"\x89PNG", "poster.pdf": b"%PDF"}
SAFE = {"http:", "https:", "data:", "otpauth:"}
SVG = {"svg", "title", "style", "path"}


@pytest.fixture(scope="module")
def worlds(
    databases: Any, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[tuple[World, World]]:
    with twins(databases, tmp_path_factory.mktemp("injected"), browser) as both:
        yield both


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_the_words_and_nothing_else(worlds: tuple[World, World], name: str) -> None:
    who, where, texts = PAGES[name]
    found = [read(world.open(who, where(world.planted))) for world in worlds]
    for world, one in zip(worlds, found, strict=True):
        words = plain(one.words)
        for text in texts:
            kept = world.planted.kept[text]
            assert [words_ for words_ in kept if plain(words_) not in words] == [], text
        assert one.schemes <= SAFE
        assert not COMPUTED.search(words)
    assert found[0].skeleton == found[1].skeleton


@pytest.mark.parametrize("number", [0, 1, 9, 26, 33, 36])
def test_the_map_and_its_panel(worlds: tuple[World, World], number: int) -> None:
    panels = []
    for world in worlds:
        slug = world.planted.slugs[number]
        page = world.open("visitor", f"/conditions/{slug}/map#{ZONE}")
        expect(page.locator("#map-panel .person").first).to_be_visible()
        settle(page)
        panels.append(page.locator("#map-panel").evaluate(SKELETON))
        words = plain(page.locator("#map-panel").text_content() or "")
        names = world.planted.kept["robin" if number else "people"]
        assert [name for name in names if plain(name) not in words] == []
        assert plain(world.planted.kept["conditions"][number]) in plain(read(page).words)
        assert_quiet(world.page("visitor")[1], slug)
    assert panels[0] == panels[1]


def test_every_page_of_a_condition(worlds: tuple[World, World]) -> None:
    """Even without a policy that would keep anything from running."""
    site, twin = worlds
    for path in ("/conditions/{}", "/conditions/{}/map", "/conditions/{}/share", FRAME):
        like = [
            twin.read(twin.ask("visitor", path.format(quote(slug))).text()).skeleton
            for slug in twin.planted.slugs[:2]
        ]
        for slug, name in zip(site.planted.slugs, site.planted.kept["conditions"], strict=True):
            found = site.read(site.ask("visitor", path.format(quote(slug))).text())
            assert found.skeleton == like[slug != site.planted.slugs[0]], name
            assert plain(name) in plain(found.words)
            assert found.schemes <= SAFE


def test_the_picture_of_a_condition(worlds: tuple[World, World]) -> None:
    site = worlds[0]
    for slug, name in zip(site.planted.slugs, site.planted.kept["conditions"], strict=True):
        picture = site.ask("visitor", f"/conditions/{quote(slug)}/map.svg").body()
        svg = ElementTree.fromstring(picture)  # noqa: S314 - our own file
        assert {one.tag.partition("}")[2] for one in svg.iter()} == SVG
        assert plain(name) in plain(svg[0].text or "")


@pytest.mark.parametrize("file", PRINTED)
def test_what_is_printed_of_a_condition(worlds: tuple[World, World], file: str) -> None:
    """Words that were markup to the typesetter would be an error, or other words."""
    site = worlds[0]
    for slug in site.planted.slugs:
        made = site.ask("visitor", f"/conditions/{quote(slug)}/{file}")
        assert made.status == 200, slug
        assert made.body().startswith(PRINTED[file])


@pytest.mark.parametrize("number", [33])
def test_a_map_that_is_kept(worlds: tuple[World, World], number: int, tmp_path: Path) -> None:
    shapes = []
    for world in worlds:
        slug = quote(world.planted.slugs[number])
        file = tmp_path / "map.html"
        file.write_bytes(world.ask("visitor", f"/conditions/{slug}/map.html").body())
        page, watch = world.page("keeper")
        page.goto(file.as_uri())
        expect(page.get_by_role("application")).to_be_visible()
        settle(page, calm=0.3)
        shapes.append(
            page.locator("head, .map-head, .map-side, #map-panel").evaluate_all(
                f"(parts) => parts.flatMap({SKELETON})"
            )
        )
        assert plain(world.planted.kept["conditions"][number]) in plain(read(page).words)
        assert_quiet(watch, slug)
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(("who", "path", "longest"), REFLECTED)
def test_what_an_address_holds(
    worlds: tuple[World, World], who: str, path: str, longest: int, sampling: Sampling
) -> None:
    site, twin = worlds
    known: set[str] = set()
    for text in ("dystonia", "dystonja", "wwwwwwww", "Leeds", "a"):
        known |= set(twin.read(twin.ask(who, path.format(text, text)).text()).skeleton)
    # Each page gets some of the texts, and each text goes to some of the pages.
    alike = [where for _who, where, most in REFLECTED if most == longest]
    given = sampling.pairs(alike, packed(PAYLOADS, longest), least=8)
    for text in (text for where, text in given if where == path):
        answer = site.ask(who, path.format(quote(text, safe=""), quote(text, safe="")))
        assert answer.status < 500, text
        found = site.read(answer.text())
        assert set(found.skeleton) <= known, text
        assert found.schemes <= SAFE
        if "q=" in path:
            assert plain(text) in plain(found.words)


@pytest.mark.parametrize("form", ["message", "place", "condition", "export", "decision", "outcome"])
def test_what_a_form_refuses(worlds: tuple[World, World], form: str) -> None:
    found = []
    for world, say in zip(worlds, (str, harmless), strict=True):
        who, path, fields = refused(world.planted)[form]
        answer = world.ask(who, path, dict.fromkeys(fields, say(EVERYTHING)))
        assert answer.status == 400
        found.append(world.read(answer.text()))
    assert found[0].skeleton == found[1].skeleton
    assert plain(EVERYTHING.split("\r")[0]) in plain(found[0].words)
    assert not COMPUTED.search(found[0].words)


def test_the_page_before_leaving(worlds: tuple[World, World]) -> None:
    for number, address in enumerate(addresses_in(EVERYTHING)):
        planted = worlds[0].planted
        path = f"/conversations/{planted.conversation}/messages/{planted.long_message}"
        page = worlds[0].open("wren", f"{path}/links/{number}")
        assert address.startswith(("http://", "https://"))
        assert page.locator(".address").last.text_content() == address
        link, host = page.get_by_role("link", name="Go there"), host_of(address)
        assert link.count() == bool(host)  # what no browser can open leads nowhere
        if host:
            assert link.get_attribute("href") == address
            assert page.locator(".address").first.text_content() == host
            assert page.evaluate("a => new URL(a).hostname", address) == host


def test_answers_for_programs(worlds: tuple[World, World]) -> None:
    world = worlds[0]
    slug, kept = world.planted.slugs[0], world.planted.kept
    people = world.ask("visitor", f"/conditions/{slug}/areas/GB/people.json")
    data = world.ask("robin", "/account/data.json")
    for answer in (people, data):
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert set(kept["people"]) <= {person["name"] for person in people.json()["people"]}
    (conversation,) = data.json()["conversations"]
    assert {message["text"] for message in conversation["messages"]} == set(kept["messages"])
    assert {one["device"] for one in data.json()["passkeys"]} == set(kept["devices"])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson"])
def test_exports_are_inert(worlds: tuple[World, World], kind: str) -> None:
    world = worlds[0]
    slugs = world.planted.slugs[-len(FORMULAS) :]
    form = {"level": "country", "file_format": kind, "reason": PAYLOADS[0], "conditions": slugs}
    made = world.ask("chief", "/admin/export", form)
    assert made.status == 303
    engine = make_engine(world.live.settings.sqlalchemy_url)
    make_asked(engine, world.live.settings)
    engine.dispose()
    body = world.ask("chief", f"{made.headers['location']}/file").body()
    cells = _cells(kind, body)
    for name in world.planted.kept["conditions"][-len(FORMULAS) :]:
        assert any(plain(name) in plain(cell) for cell in cells)
    assert [cell for cell in cells if cell[:1] in FORMULA] == []


def _cells(kind: str, body: bytes) -> set[str]:
    """Return the texts in a file."""
    if kind == "csv":
        return {cell for row in csv.reader(io.StringIO(body.decode(), newline="")) for cell in row}
    if kind == "geojson":
        found = json.loads(body)
        rows = [*found["conditions"], *(one["properties"] for one in found["features"])]
        return {str(cell) for row in rows for cell in (*row, *row.values())}
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in book.read(sheet) for sheet in sheets)
        tables = [ElementTree.fromstring(book.read(sheet)) for sheet in sheets]  # noqa: S314 - ours
    return {one.text or "" for table in tables for one in table.iterfind(".//{*}t")}


def test_mail_holds_no_words_of_others(worlds: tuple[World, World]) -> None:
    settings = worlds[0].live.settings
    engine = make_engine(settings.sqlalchemy_url)
    with Session(engine) as session:
        mails = [m for m in waiting_mail(session, settings) if m.to != "nobody@example.org"]
    engine.dispose()
    assert mails
    for mail in mails:
        assert "\n" not in mail.subject
        assert "ran(" not in mail.subject + mail.body


def test_a_browser_is_called_by_no_name_of_its_own() -> None:
    assert {device_of(payload) for payload in PAYLOADS} == {""}


def test_there_are_enough_of_them_and_they_would_run(worlds: tuple[World, World]) -> None:
    """A page that shows them as they are runs them: otherwise nothing here would prove anything."""
    assert len(PAYLOADS) >= 200
    page, _watch = worlds[0].page("careless")
    page.goto("about:blank")
    page.set_content("<body></body>")
    ran = page.evaluate(CARELESS, list(PAYLOADS))
    assert sum(ran) >= 50, [text for text, did in zip(PAYLOADS, ran, strict=True) if did]
