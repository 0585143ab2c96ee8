"""Programs that people use read the service as it is served: GDAL, pyogrio, QGIS.

Each is a program of its own: one in this process would wait for a server that waits for it.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.store.database import make_engine
from tests.e2e.conftest import fresh_settings, served
from tests.releases import put_release
from tests.web.open_data.conftest import ROOT
from tests.worlds import fill

PATIENCE = 120  # seconds

needs_gdal = pytest.mark.skipif(not shutil.which("ogr2ogr"), reason="GDAL is not installed here")


@pytest.fixture(scope="module")
def source(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small map's service, as GDAL wants it."""
    settings = fresh_settings(databases, tmp_path_factory.mktemp("ogc"))
    engine = make_engine(settings.sqlalchemy_url)
    with Session(engine) as session:
        put_release(session, fill(session), "people:country", **{"DE|": 120})
    engine.dispose()
    with served(settings) as (site, _app):
        yield f"OAPIF:{site.url}{ROOT}"


@needs_gdal
def test_ogrinfo(source: str) -> None:
    """Also of numbers that the first areas lack, GDAL knows that they are numbers."""
    told = _run("ogrinfo", "-so", "-al", source)
    assert [line for line in told.splitlines() if line.startswith("Feature Count")] == [
        f"Feature Count: {n}" for n in (207, 2626, 44647)
    ]
    kinds = told.partition("Layer name: regions")[0]
    for column in ("per_million: Real", "people: Integer", "estimate: Integer", "code: String"):
        assert column in kinds
    one = _run("ogrinfo", source, "countries", "-where", "code = 'DE'", "-geom=SUMMARY")
    for told_of_it in ("people (Integer) = 2", "estimate (Integer) = 120", "MULTIPOLYGON"):
        assert told_of_it in one


@needs_gdal
def test_ogr2ogr(source: str, tmp_path: Path) -> None:
    target = tmp_path / "countries.gpkg"
    _run("ogr2ogr", "-oo", "PAGE_SIZE=1000", str(target), source, "countries")
    found = _frame(f"'{target}'")
    assert len(found["area_id"]) == 207
    assert sum(found["people"].values()) == 3


@needs_gdal
def test_ogrinfo_in_a_box(source: str) -> None:
    told = _run("ogrinfo", "-so", source, "regions", "-spat", "13.3", "52.45", "13.5", "52.55")
    assert "Feature Count: 1\n" in told


def test_pyogrio(source: str) -> None:
    found = _frame(f"'{source}', layer='zones', bbox=(13.3, 52.4, 13.5, 52.6)")
    assert set(found["country"].values()) == {"DE"}
    assert sum(found["people"].values()) == 2


@pytest.mark.skipif(not shutil.which("qgis_process"), reason="QGIS is not installed here")
def test_qgis(source: str, tmp_path: Path) -> None:
    target = tmp_path / "countries.gpkg"
    layer = f"OAPIF://url='{source.removeprefix('OAPIF:')}' typename='countries'"
    _run("qgis_process", "run", "native:savefeatures", f"--INPUT={layer}", f"--OUTPUT={target}")
    assert sum(_frame(f"'{target}'")["people"].values()) == 3


def _frame(what: str) -> Any:
    """Return the columns that pyogrio reads, each by number of the row."""
    code = f"import pyogrio; print(pyogrio.read_dataframe({what}, read_geometry=False).to_json())"
    return json.loads(_run(sys.executable, "-c", code))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr
    return done.stdout
