"""The documentation names every setting, command, option and endpoint, and nothing that is gone."""

import re
from fnmatch import fnmatch
from pathlib import Path

import click
from flask import Flask

from mapapp.cli import mapapp
from mapapp.paths import DATA
from mapapp.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"


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
    words = (DOCS / "commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`GET (/[^`?]*)", words))
    there = {
        re.sub(r"<(?:int:)?(?:area_)?(\w+)>", r"<\1>", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/geo/", "/healthz", "/readyz"))
    }
    assert named == there
