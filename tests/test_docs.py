"""The documentation names all that there is to explain, and nothing that is gone."""

import importlib
import re
import textwrap
import tokenize
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest
from flask import Flask

from mapapp.cli import mapapp
from mapapp.paths import DATA
from mapapp.settings import Settings
from mapapp.store.tables import Base

DOCS = Path(__file__).parents[1] / "docs"
ROOT = DOCS.parent
PRIVACY = DOCS / "privacy.md"
NAMING = (ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", PRIVACY, DOCS / "architecture.md")
GUIDES = (*NAMING, ROOT / "README.md", *sorted({*DOCS.glob("*.md")} - {*NAMING}))
FOLDERS = "mapapp|tests|scripts|templates|docs|data|domain|actions|store|maps|web|cli"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./*-]+)")
CITING = ("mapapp", "templates", "scripts", "tests", "docs")
CITATION = re.compile(r"(?:(\w+)\s+)?\brules? (\d+(?:(?:, and|,| and) \d+)*)", re.IGNORECASE)


def test_every_setting_is_explained() -> None:
    words = (DOCS / "settings.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `MAPAPP_(\w+)` \|", words, re.MULTILINE)
    assert named == [name.upper() for name in Settings.model_fields]


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_every_file_of_data_is_explained_and_no_other() -> None:
    words = (DOCS / "data.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([^`]+)` \|", words, re.MULTILINE)
    there = {p.relative_to(DATA).as_posix() for p in DATA.rglob("*") if p.is_file()}
    explained = {name: {path for path in there if fnmatch(path, name)} for name in named}
    assert all(explained.values()), explained
    assert set().union(*explained.values()) == there - {"SOURCES.md"}


def test_every_command_and_option_is_explained() -> None:
    words = (DOCS / "commands.md").read_text(encoding="utf-8")
    for path, command in _commands("mapapp", mapapp):
        assert f"`{path}" in words, path
        for option in command.params:
            if isinstance(option, click.Option) and option.name not in {"help", "version"}:
                assert any(name in words for name in option.opts), (path, option.opts)


def _commands(path: str, command: click.Command) -> list[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return [(path, command)]
    return [
        found
        for name, below in command.commands.items()
        for found in _commands(f"{path} {name}", below)
    ]


def test_every_endpoint_is_explained_and_no_other(app: Flask) -> None:
    words = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("commands.md", "api.md"))
    found = set(re.findall(r"`(?:GET|POST) (/[^`?]*)", words))
    named = {re.sub(r"{(?:area_)?(\w+)}", r"<\1>", address) for address in found}
    there = {
        re.sub(r"<(?:int:)?(?:area_)?(\w+)>", r"<\1>", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/geo/", "/healthz", "/readyz"))
    }
    assert named == there


def _citations() -> list[tuple[str, str, str]]:
    """Return the file of each "rule N", the word before it, and the number."""
    found = []
    for path in sorted(path for folder in CITING for path in (ROOT / folder).rglob("*.*")):
        if path.suffix in {".py", ".js", ".css", ".html", ".md"} and path != PRIVACY:
            for word, numbers in CITATION.findall(path.read_text(encoding="utf-8")):
                found += [(str(path), word.casefold(), n) for n in re.findall(r"\d+", numbers)]
    return found


def test_every_privacy_rule_that_is_cited_is_written_down() -> None:
    rules = re.findall(r"^## (\d+)\. ", PRIVACY.read_text(encoding="utf-8"), re.MULTILINE)
    assert rules == ["1", "2", "3", "4", "5", "6", "7", "8"]
    cited = _citations()
    assert {number for _path, _word, number in cited} == set(rules)
    # By this name a reader finds the document; the number alone would leave them searching.
    assert [cite for cite in cited if cite[1] != "privacy"] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_path_and_table_that_a_guide_names_exists(guide: Path) -> None:
    words = guide.read_text(encoding="utf-8")
    named = PATH.findall(words)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", words)
    missing = {name for name in named if not _is_there(name)}
    missing |= {name for name in linked if not (guide.parent / name).exists()}
    missing |= set(re.findall(r"\btable `(\w+)`", words)) - Base.metadata.tables.keys()
    assert missing == set()
    assert named or guide not in NAMING
    assert linked or guide not in NAMING


def _is_there(name: str) -> bool:
    """Whether a path, perhaps with stars, is one of the project or, in short, of the program."""
    return any(list(folder.glob(name.rstrip("/"))) for folder in (ROOT, ROOT / "mapapp"))


def test_each_privacy_rule_says_what_holds_it_and_what_is_missing() -> None:
    rules = re.split(r"^## \d+\. ", PRIVACY.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for rule in rules:
        holds, missing, _lacks = rule.partition("### Not yet")
        assert "### Holds" in holds, rule.splitlines()[0]
        assert "`tests/" in holds, rule.splitlines()[0]
        assert missing, rule.splitlines()[0]


def test_the_change_that_is_walked_through_is_in_the_code() -> None:
    words = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    quoted = re.findall(r"^   ```python\n(.*?)^   ```", words, re.MULTILINE | re.DOTALL)
    named = re.findall(r"`((?:mapapp|tests)/[\w/]+\.py)`", words)
    code = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in named)
    assert len(quoted) == 2
    assert [text for text in quoted if textwrap.dedent(text) not in code] == []


POINTER = re.compile(r"(?<![\w./])((?:domain|actions|store)(?:\.[a-z_]\w*)+)(?:\.([A-Z]\w*))?")


def test_comments_point_at_modules_and_names_that_exist() -> None:
    pointers = set()
    for path in (ROOT / "mapapp").rglob("*.py"):
        with tokenize.open(path) as file:
            for token in tokenize.generate_tokens(file.readline):
                if token.type == tokenize.COMMENT or token.string.startswith('"""'):
                    pointers |= set(POINTER.findall(token.string))
    assert len(pointers) > 20
    for module, name in sorted(pointers):
        found = importlib.import_module(f"mapapp.{module}")
        assert not name or hasattr(found, name), (module, name)
