"""The site as an app: the manifest, the worker and what it keeps, the page without a connection."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.account.discreet_mode import set_discreet
from mapapp.domain.areas.shapes import shapes_version
from tests.trust import World

WORKER, OFFLINE = "/service-worker.js", "/offline"
MANIFESTS = tuple(f"/app/{kind}/manifest.webmanifest" for kind in ("site", "notes"))


def _frame(client: FlaskClient, **headers: str) -> dict[str, Any]:
    text = client.get(WORKER, headers=headers).text
    return dict(json.loads(re.findall(r"self\.FRAME = (\{.*?\});\n", text)[0]))


def test_the_manifest_names_the_site_and_has_an_icon(client: FlaskClient) -> None:
    answer = client.get("/app/site/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "no-cache"
    said = json.loads(answer.text)
    assert (said["name"], said["scope"], said["display"]) == ("Condition Map", "/", "standalone")
    icon = client.get(said["icons"][0]["src"])
    assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")
    assert client.get("/app/other/manifest.webmanifest").status_code == 404


def test_in_discreet_mode_the_app_is_called_otherwise(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    assert 'rel="manifest" href="/app/site/manifest.webmanifest"' in client.get("/").text
    wren = world.somebody()
    set_discreet(world.session, wren.id, True)
    world.session.commit()
    page = login(wren).get("/account").text
    assert 'rel="manifest" href="/app/notes/manifest.webmanifest"' in page
    assert 'name="apple-mobile-web-app-title" content="Notes"' in page
    said = json.loads(client.get("/app/notes/manifest.webmanifest").text)
    assert (said["name"], said["short_name"]) == ("Notes", "Notes")
    assert "icons/notes.svg" in said["icons"][0]["src"]


def test_the_two_apps_are_two(client: FlaskClient) -> None:
    """A phone that has one of them offers the other, and renames none."""
    said = [json.loads(client.get(path).text) for path in MANIFESTS]
    assert len({one["id"] for one in said}) == 2
    assert {one["start_url"] for one in said} == {"/"}


@pytest.mark.parametrize("path", [WORKER, OFFLINE, *MANIFESTS])
def test_who_has_it_already_downloads_nothing(client: FlaskClient, path: str) -> None:
    held = {"If-None-Match": client.get(path).headers["ETag"]}
    again = client.get(path, headers=held)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"


def test_the_worker_is_asked_for_anew_and_serves_the_whole_site(client: FlaskClient) -> None:
    answer = client.get(WORKER)
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_it_keeps_only_files_that_never_change(client: FlaskClient) -> None:
    frame = _frame(client)
    for address in (*frame["first"], *frame["later"]):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address
        assert "?" not in address
    assert (frame["offline"], frame["away"]) == (OFFLINE, "/away")


def test_what_it_keeps_says_nothing_of_who_looked_where(client: FlaskClient) -> None:
    frame = _frame(client)
    geo = [address for address in frame["later"] if address.startswith("/geo/")]
    version = shapes_version()
    assert geo == [f"/geo/{version}/countries.json", f"/geo/{version}/names/0.json"]


def test_all_are_given_the_same(
    app: Flask, client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    member = login(world.somebody(), on=app.test_client())
    for path in (WORKER, OFFLINE, "/app/site/manifest.webmanifest"):
        given = client.get(path)
        assert given.data == member.get(path).data, path
        assert "Set-Cookie" not in given.headers


def test_it_has_what_every_page_and_every_map_asks_for(client: FlaskClient, world: World) -> None:
    """Whoever adds a style or a script to all pages, or to the map, adds it there as well."""
    world.somebody("public")
    world.session.commit()
    frame = _frame(client)
    asked = {path: set(_files(client.get(path).text)) for path in ("/", "/conditions/dystonia/map")}
    assert asked["/"] == set(frame["first"])
    assert asked["/conditions/dystonia/map"] <= {*frame["first"], *frame["later"]}


def _files(page: str) -> list[str]:
    found: list[str] = re.findall(r'(?:href|src)="(/(?:assets|map)/[^"]*\.(?:css|js|svg))"', page)
    return found


@pytest.mark.parametrize("word", ["Condition Map", "csrf_token", "<form", "<script", "/account"])
def test_the_page_without_a_connection_names_nobody_and_nothing(
    client: FlaskClient, word: str
) -> None:
    page = client.get(OFFLINE)
    assert page.status_code == 200
    assert "You are not connected" in page.text
    assert word not in page.text
