"""The icons of the site as an app, as pictures: their sizes, their edges, and what they tell."""

import json
import struct
import zlib
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mapapp.actions.account.discreet_mode import set_discreet
from mapapp.web.operations import app_icons
from tests.trust import World

PIXELS = {"touch-180": 180, "icon-192": 192, "icon-512": 512, "maskable-512": 512}
GROUNDS = {"site": (0x0B, 0x5D, 0x63, 255), "notes": (0x5B, 0x66, 0x70, 255)}
CLEAR = 0
EVERY = [(kind, name) for kind in GROUNDS for name in PIXELS]
Pixel = tuple[int, ...]


def _chunks(png: bytes) -> list[tuple[str, bytes]]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        found.append((png[at + 4 : at + 8].decode(), png[at + 8 : at + 8 + size]))
        at += size + 12
    return found


def _pixels(png: bytes) -> list[list[Pixel]]:
    """Return the rows of a picture with eight bits a channel, red, green, blue and clearness."""
    chunks = _chunks(png)
    width, height, depth, colours, *_rest = struct.unpack(">IIBBBBB", chunks[0][1])
    assert (depth, colours) == (8, 6)
    packed = zlib.decompress(b"".join(data for kind, data in chunks if kind == "IDAT"))
    rows, above = [], bytes(4 * width)
    for y in range(height):
        start = y * (4 * width + 1)
        above = _unfiltered(packed[start], packed[start + 1 : start + 4 * width + 1], above)
        rows.append([tuple(above[x : x + 4]) for x in range(0, 4 * width, 4)])
    return rows


def _unfiltered(how: int, line: bytes, above: bytes) -> bytes:
    """Undo what PNG does to a line, by the pixels at the left, above, and above at the left."""
    found = bytearray()
    for i, value in enumerate(line):
        left, corner = (found[i - 4], above[i - 4]) if i >= 4 else (0, 0)
        guess = left + above[i] - corner
        nearest = min((left, above[i], corner), key=lambda it: abs(guess - it))
        found.append(value + (0, left, above[i], (left + above[i]) // 2, nearest)[how] & 255)
    return bytes(found)


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_each_is_a_square_picture_of_its_size(client: FlaskClient, kind: str, name: str) -> None:
    answer = client.get(f"/app/{kind}/{name}.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    rows = _pixels(answer.data)
    assert (len(rows), len(rows[0])) == (PIXELS[name], PIXELS[name])
    corners = {row[x] for row in (rows[0], rows[-1]) for x in (0, -1)}
    if name.startswith("icon"):
        assert {pixel[3] for pixel in corners} == {CLEAR}  # rounded, as in a tab
    else:
        assert corners == {GROUNDS[kind]}  # the phone rounds it itself


@pytest.mark.parametrize("kind", GROUNDS)
def test_nothing_of_it_is_lost_where_a_phone_cuts_it_round(client: FlaskClient, kind: str) -> None:
    """What every phone shows of such an icon is the circle of four fifths of its width."""
    rows = _pixels(client.get(f"/app/{kind}/maskable-512.png").data)
    outside = {
        pixel
        for y, row in enumerate(rows)
        for x, pixel in enumerate(row)
        if (x - 255.5) ** 2 + (y - 255.5) ** 2 > (0.4 * 512) ** 2
    }
    # The edge of a corner may be a shade off, which no eye sees.
    assert max(abs(a - b) for it in outside for a, b in zip(it, GROUNDS[kind], strict=True)) <= 1
    assert len({pixel for row in rows for pixel in row}) > 2


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_whoever_has_it_is_told_so(client: FlaskClient, kind: str, name: str) -> None:
    path = f"/app/{kind}/{name}.png"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "max-age=86400" in first.headers["Cache-Control"]


def test_each_is_drawn_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    true = app_icons.typeset
    monkeypatch.setattr(app_icons, "typeset", lambda *given: drawn.append(given) or true(*given))
    app_icons.icon_png.cache_clear()
    for _ in range(2):
        client.get("/app/site/icon-192.png")
    assert len(drawn) == 1


def test_other_names_have_none(client: FlaskClient) -> None:
    for path in ("/app/other/icon-192.png", "/app/site/icon-193.png", "/app/site/9999.png"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("kind", GROUNDS)
def test_the_manifest_has_what_a_phone_needs(client: FlaskClient, kind: str) -> None:
    icons = json.loads(client.get(f"/app/{kind}/manifest.webmanifest").text)["icons"]
    assert [(icon["sizes"], icon["purpose"], icon["type"]) for icon in icons] == [
        ("any", "any", "image/svg+xml"),
        ("192x192", "any", "image/png"),
        ("512x512", "any", "image/png"),
        ("512x512", "maskable", "image/png"),
    ]
    for icon in icons:
        assert client.get(icon["src"]).mimetype == icon["type"]
        other = "notes" if kind == "site" else "site"
        assert f"/{other}/" not in icon["src"]


def test_pages_name_the_icon_for_the_start_screen(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    link = '<link rel="apple-touch-icon" href="/app/{}/touch-180.png">'
    assert link.format("site") in client.get("/").text
    wren = world.somebody()
    set_discreet(world.session, wren.id, True)
    world.session.commit()
    page = login(wren).get("/account").text
    assert link.format("notes") in page
    assert "/app/site/" not in page


def test_the_neutral_one_tells_nothing_of_the_site(client: FlaskClient) -> None:
    for name in PIXELS:
        own, neutral = (client.get(f"/app/{kind}/{name}.png") for kind in ("site", "notes"))
        assert {kind for kind, _data in _chunks(neutral.data)} <= {"IHDR", "pHYs", "IDAT", "IEND"}
        assert b"ondition" not in neutral.data
        colours = [{pixel for row in _pixels(it.data) for pixel in row} for it in (own, neutral)]
        assert GROUNDS["site"] not in colours[1]
        assert GROUNDS["site"] in colours[0]


def test_members_and_visitors_are_given_the_same(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    visitor = client.get("/app/notes/icon-192.png")
    member = login(world.somebody("public")).get("/app/notes/icon-192.png")
    assert visitor.data == member.data
    assert visitor.headers["ETag"] == member.headers["ETag"]
    assert "Set-Cookie" not in visitor.headers
    assert "Cookie" not in visitor.headers.get("Vary", "")
