"""Options that contradict each other are refused: none is dropped without a word."""

from collections.abc import Callable, Iterator
from itertools import combinations

import click
import pytest
from click.testing import Result

from mapapp.cli.commands import mapapp as group
from mapapp.cli.declared import Command

Shell = Callable[..., Result]
Pair = tuple[str, str]

BESIDE = {
    "admin": [
        {"email", "role", "reason", "name"},
        {"email", "remove", "reason"},
        {"email", "lost"},
    ],
    "content import": [{"folder", "replace"}],
    "export": [
        {"slugs", "level", "file_format", "countries", "is_tagged", "output", "reason"},
    ],
    "import": [
        {"path", "slug", "name", "check", "strict", "add"},
        {"path", "slug", "name", "check", "strict", "replace"},
        {"path", "slug", "name", "publish", "strict", "add"},
        {"path", "slug", "name", "publish", "strict", "replace"},
        {"undo", "slug", "check"},
        {"undo", "slug", "publish"},
    ],
    "bench-site": [{"people", "seed"}],
    "release show": [{"slug", "epoch"}],
    "locate": [{"lat", "lng"}],
    "serve": [{"host", "port", "workers"}],
}
"""For each command the parameters that make sense together."""


def _commands(of: click.Group = group, above: str = "") -> Iterator[tuple[str, Command]]:
    for name, command in of.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{above}{name} ")
        else:
            assert isinstance(command, Command)
            yield f"{above}{name}", command


COMMANDS = dict(_commands())
APART = [(name, pair) for name, command in COMMANDS.items() for pair in command.apart]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_two_options_make_sense_together_or_are_refused(name: str) -> None:
    command = COMMANDS[name]
    pairs = {frozenset(pair) for pair in combinations([str(one.name) for one in command.params], 2)}
    beside = {frozenset(pair) for group in BESIDE.get(name, []) for pair in combinations(group, 2)}
    assert {frozenset(pair) for pair in command.apart} == pairs - beside


@pytest.mark.parametrize(("name", "pair"), APART)
def test_two_that_do_not_are_refused_before_anything_happens(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, name: str, pair: Pair
) -> None:
    monkeypatch.setattr(COMMANDS[name], "callback", lambda **_: pytest.fail("it went on"))
    given = {"slug": "dystonia", "path": __file__, "role": "admin", "email": "a@example.org"}
    arguments: list[str] = []
    for one in COMMANDS[name].params:
        if one.name not in pair and not one.required:
            continue
        if isinstance(one, click.Option):
            arguments.append(one.opts[-1])
        if not (isinstance(one, click.Option) and one.is_flag):
            arguments.append(given.get(str(one.name), "1"))
    refused = shell(*name.split(), *arguments)
    assert refused.exit_code == 2, refused.output
    assert "not both. See: " in refused.stderr
