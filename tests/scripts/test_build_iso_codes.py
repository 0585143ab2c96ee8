"""The build of the codes of ISO 3166, on three countries, and what it ships."""

import json
import sys
import zipfile
from pathlib import Path

import pytest

from mapapp.domain.areas.area_tree import COUNTRY, REGION, load_areas
from mapapp.domain.areas.iso_codes import ISO_FILE, OWN, load_iso_codes
from mapapp.paths import DATA

sys.path.insert(0, str(DATA.parent / "scripts"))
from build_iso_codes import COUNTRIES, GIVEN_AWAY, REGIONS, read_codes, written


def wheel(folder: Path, version: str = "26.2.16") -> Path:
    path = folder / f"pycountry-{version}-py3-none-any.whl"
    countries = [{"alpha_2": "DE", "alpha_3": "DEU"}, {"alpha_2": "AD", "alpha_3": "AND"}]
    regions = [{"code": code, "name": "x"} for code in ("DE-BY", "AD-02", "DE-BB")]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(COUNTRIES, json.dumps({"3166-1": countries}))
        archive.writestr(REGIONS, json.dumps({"3166-2": regions}))
    return path


def test_it_takes_the_codes_in_order_and_names_the_edition(tmp_path: Path) -> None:
    found = json.loads(written(read_codes(wheel(tmp_path))))
    assert found["alpha_3"] == {"AD": "AND", "DE": "DEU"}
    assert found["regions"] == {"AD": ["AD-02"], "DE": ["DE-BB", "DE-BY"]}
    assert "26.2.16" in found["edition"]


def test_another_version_needs_a_name_for_its_edition(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"27\.1\.1"):
        read_codes(wheel(tmp_path, "27.1.1"))


def test_what_ships_is_as_it_was_built() -> None:
    text = ISO_FILE.read_text(encoding="utf-8")
    found = json.loads(text)
    assert written(found) == text
    assert found["given_away"] == GIVEN_AWAY


def test_the_figures_of_the_sources_are_those_of_the_area_table() -> None:
    areas, iso = load_areas(), load_iso_codes()
    regions = [str(areas.code[i]) for i in (areas.level == REGION).nonzero()[0]]
    own = [code for code in regions if iso.standard_of(code, REGION) == OWN]
    given_away = {code for codes in GIVEN_AWAY.values() for code in codes}
    assert given_away <= set(own)
    words = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    n, away = len(regions) - len(own), len(given_away)
    line = (
        f"of the {len(regions):,} regions, {n:,} have a code of the standard; "
        f"{len(own) - away} codes are not in it, and {away} mean another region there."
    )
    assert line in words
    countries = [str(areas.code[i]) for i in (areas.level == COUNTRY).nonzero()[0]]
    own = [code for code in countries if iso.standard_of(code, COUNTRY) == OWN]
    assert own == ["QM", "QN", "QO", "QP", "QQ", "QR", "QS", "QT", "XK"]
