"""A module that is put off is imported when something of it is used, and not before."""

import sys

import pytest

from mapapp.first_use import OnFirstUse


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module that is not imported."""
    monkeypatch.delitem(sys.modules, "this", raising=False)
    return "this"


def test_it_is_imported_when_it_is_used(absent: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = OnFirstUse(absent)
    assert absent not in sys.modules
    assert module.d["a"] == "n"
    assert absent in sys.modules
    assert "Zen" in capsys.readouterr().out


def test_what_it_lacks_is_missed_by_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'jsonn'"):
        _ = OnFirstUse("json").jsonn
