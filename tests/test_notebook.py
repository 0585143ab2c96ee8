"""Notebooks get a map's numbers in one line, and the notebook of the docs runs."""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import folium
import nbformat
import pytest
from nbclient import NotebookClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.errors import BadInputError, DataError, MapappError, NotFoundError
from mapapp.notebook import counts, world_map
from mapapp.paths import DATA
from mapapp.store.database import make_engine
from tests.e2e.conftest import Live, fresh_settings, served
from tests.places import zones_of
from tests.releases import put_release
from tests.worlds import HERE, fill

NOTEBOOK = DATA.parent / "docs" / "notebook.ipynb"
COLUMNS = ["area_id", "code", "name", "level", "parent", "country", "residents", "people",
           "per_million", "estimate", "error", "geometry"]  # fmt: skip


@pytest.fixture(scope="module")
def site(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A small map, served."""
    settings = fresh_settings(databases, tmp_path_factory.mktemp("notebook"))
    engine = make_engine(settings.sqlalchemy_url)
    with Session(engine) as session:
        put_release(session, fill(session), "people:country", **{"DE|": 120})
    engine.dispose()
    with served(settings) as (live, _app):
        yield live


def database(site: Live) -> str:
    """Return the database's address, as people write it."""
    return site.settings.sqlalchemy_url.replace("+psycopg", "")


@pytest.mark.both
def test_the_same_from_a_site_and_from_its_database(site: Live) -> None:
    found = counts(site.url, "dystonia")
    assert list(found.columns) == COLUMNS
    assert found.crs == "OGC:CRS84"
    told = found.set_index("code")
    assert (len(told), told["people"].sum()) == (207, 3)
    assert told.loc["DE", ["people", "estimate"]].tolist() == [2, 120]
    assert told["estimate"].isna().sum() == 206
    assert counts(database(site), "dystonia").equals(found)


@pytest.mark.parametrize("level", ["region", "zone"])
def test_areas_of_one_country(site: Live, level: str) -> None:
    found = counts(site.url, "dystonia", level, country="DE")
    assert (set(found["country"]), set(found["level"])) == ({"DE"}, {level})
    assert found["people"].sum() == 2
    assert list(found.columns) == [*COLUMNS[:9], "geometry"]
    assert counts(database(site), "dystonia", level, country="DE").equals(found)


def test_all_pages_are_read(site: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapapp.notebook.A_PAGE", 80)
    found = counts(site.url, "dystonia")
    assert found["area_id"].is_unique
    assert len(found) == (load_areas().level == 1).sum() > 160


def test_a_map(site: Live) -> None:
    made = world_map(site.url, "dystonia")
    assert isinstance(made, folium.Map)
    assert "Germany" in made.get_root().render()


@pytest.mark.parametrize(
    ("source", "condition", "level", "refusal"),
    [
        ("ftp://example.org", "dystonia", "country", BadInputError),
        ("file:///etc/hostname", "dystonia", "country", BadInputError),
        ("example.org", "dystonia", "country", BadInputError),
        ("SITE", "dystonia", "street", BadInputError),
        ("SITE", "no-such", "country", NotFoundError),
        ("SITE", "../..", "country", NotFoundError),
        ("http://127.0.0.1:1", "dystonia", "country", DataError),
        ("DATABASE", "no-such", "country", NotFoundError),
        ("sqlite:////no/such/file", "dystonia", "country", NotFoundError),
        ("postgresql://me:hush@127.0.0.1:1/x", "dystonia", "country", DataError),
    ],
)
def test_what_cannot_be_read_is_said(
    site: Live, source: str, condition: str, level: str, refusal: type[MapappError]
) -> None:
    source = {"SITE": site.url, "DATABASE": database(site)}.get(source, source)
    with pytest.raises(refusal) as said:
        counts(source, condition, level)
    assert "hush" not in str(said.value)
    with pytest.raises(BadInputError):
        world_map(site.url, "dystonia", by="names")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    path.write_bytes(b"")
    with pytest.raises(DataError):
        counts(f"sqlite:///{path}", "dystonia")


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"features": [], "links": [{}]}'])
def test_a_site_that_is_not_one(answer: bytes) -> None:
    with _answering(answer) as url, pytest.raises(DataError):
        counts(url, "dystonia")


def test_a_site_leads_to_no_other_address() -> None:
    """The next page is asked of the site that was given, whatever it calls its address."""
    first = {"features": [], "links": [{"rel": "next", "href": "file:///etc/hostname?offset=9"}]}
    with _answering(json.dumps(first).encode(), b'{"features": [], "links": []}') as url:
        assert len(counts(url, "dystonia")) == 0


class _answering:  # noqa: N801
    """A server that gives each of some answers once."""

    def __init__(self, *answers: bytes) -> None:
        waiting = list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(waiting.pop(0))

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def test_the_notebook_of_the_docs_is_kept_without_what_it_printed() -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert len(code) > 3
    assert [cell for cell in code if cell.outputs or cell.execution_count] == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_notebook_of_the_docs_runs(site: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPAPP_SOURCE", site.url)
    monkeypatch.setenv("PYTHONPATH", str(DATA.parent))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    asyncio.run(NotebookClient(notebook, timeout=120).async_execute())
    shown = [out["data"] for cell in notebook.cells for out in cell.get("outputs", [])]
    assert len(shown) == 3
    assert "Germany" in shown[0]["text/html"]
    assert "leaflet" in shown[1]["text/html"]
    assert sys.prefix not in json.dumps(shown[0])


def test_zones_lie_where_people_are(site: Live) -> None:
    found = counts(site.url, "dystonia", "zone", country="DE").set_index("area_id")
    assert found.loc[zones_of(HERE)[0], "people"] == 2
