"""Comparing two checkouts: the same code shows no difference, and planted differences show."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mapapp.paths import DATA
from tests.databases import SqliteDatabases

TOP = DATA.parent
sys.path.insert(0, str(TOP / "scripts"))
from compare_browser import one_time_code  # noqa: E402
from compare_pages import Page, without_chance  # noqa: E402
from compare_report import compare, word_changes  # noqa: E402

PAGE = """<title>A map</title><p>Hello <b>you</b> there<script>no()</script>
<a href="/on">On</a> <a href="otpauth://totp/x">App</a>
<form method="post" action="/do?now=1"><input type="hidden" name="csrf_token" value="x">
<select name="kind"><option value="">None</option><option value="a" selected>A</option></select>
<textarea name="text">as it was</textarea><input type="checkbox" name="sure" value="y">
<button name="wish" value="keep">Keep</button></form><img alt="A picture" src="/i">"""


@pytest.fixture
def ready_site(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An instance folder with a site just made.

    The databases are not asked for by name: walks make SQLite files, whatever the tests run on.
    """
    databases = request.getfixturevalue("sqlite_databases")
    assert isinstance(databases, SqliteDatabases)
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copyfile(databases.copy().removeprefix("sqlite:///"), folder / "mapapp.sqlite")
    return folder


@pytest.fixture
def run_compare(ready_site: Path) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    """Compare this checkout with another as a visitor, on a few pages."""

    def _run(other: Path) -> subprocess.CompletedProcess[str]:
        script = TOP / "scripts" / "compare_checkouts.py"
        options = ["--only", "/sign-in", "/credits", "/health", "--roles", "visitor"]
        options += ["--site", str(ready_site)]
        call = [sys.executable, str(script), str(TOP), str(other), *options]
        return subprocess.run(call, capture_output=True, text=True, check=False)

    return _run


def test_a_checkout_does_not_differ_from_itself(
    run_compare: Callable[[Path], subprocess.CompletedProcess[str]],
) -> None:
    done = run_compare(TOP)
    assert done.returncode == 0, done.stdout + done.stderr
    first, *kinds = done.stdout.splitlines()
    assert first.endswith(" routes, 5 pages compared.")
    assert kinds == [
        f"{kind}: equal" for kind in ("routes", "pages", "status", "headers", "forms", "words")
    ]


def _plant(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old} to change"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_was_planted_is_found(
    run_compare: Callable[[Path], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    for name in ("mapapp", "templates"):
        shutil.copytree(TOP / name, other / name)
    (other / "data").symlink_to(DATA)
    _plant(other, "mapapp/web/operations/health.py", '"/healthz"', '"/healthy"')
    _plant(other, "templates/operations/credits.html", "<h1>", "<h1>Planted ")
    _plant(other, "templates/account/sign_in.html", "{{ form.next() }}", '<input name="planted">')
    done = run_compare(other)
    assert done.returncode == 1, done.stdout + done.stderr
    for line in (
        "  - /healthz GET HEAD OPTIONS",
        "  + /healthy GET HEAD OPTIONS",
        "  + POST /sign-in: text planted",
        "  - POST /sign-in: hidden next",
    ):
        assert line in done.stdout.splitlines(), done.stdout
    assert "{+Planted+}" in done.stdout
    assert "visitor: /healthz" in done.stdout


def test_a_page_is_read_as_a_person_meets_it() -> None:
    page = Page(PAGE, "/here")
    assert page.words[:2] == ["A map", "Hello you there On App"]
    assert {"Keep", "A picture"} <= set(page.words)
    assert (page.links, page.outside) == (["/on"], ["otpauth://totp/x"])
    (form,) = page.forms
    assert form.filled() == {"csrf_token": ["x"], "kind": ["a"], "text": ["as it was"]}
    assert form.shape() == [
        "POST /do?now=1",
        "hidden csrf_token",
        "select kind  a",
        "textarea text",
        "checkbox sure y",
        "submit wish keep",
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("/members/8fb610a5-3c1b-424b-b6bc-8aea8883ef16/connect", "/members/(id)/connect"),
        ("/assets/3f2a9c1b7d/css/map.css", "/assets/(hash)/css/map.css"),
        ("script-src 'sha256-8E+/w/bzcc=' 'self'", "script-src 'sha256-(hash)' 'self'"),
        ("on 29 November 2026, or 2026-11-29", "on (date), or (date)"),
        ("/sign-in/link/mRsFB3EFK4hh26T74JuqvznrPBmB3Tt2lTFA0Jupcbc", "/sign-in/link/(token)"),
        ("68000000 people, a decade, November 2026", "68000000 people, a decade, November 2026"),
    ],
)
def test_what_chance_decides_is_left_out(text: str, left: str) -> None:
    assert without_chance(text) == left


def test_changed_words_stand_between_the_words_around_them() -> None:
    before = ["Equal", "one two three four five six seven eight nine ten eleven twelve"]
    after = ["Equal", "one two three four five six SEVEN eight nine ten eleven twelve"]
    assert list(word_changes(before, after)) == [
        "… three four five six [-seven-] {+SEVEN+} eight nine ten eleven …"
    ]


def _seen(**changed: object) -> dict[str, object]:
    page = {"status": 200, "headers": ["A: b"], "forms": [["GET /"]], "words": ["Hello"]}
    return {"routes": ["/ GET"], "seen": {"visitor: /": {**page, **changed}}}


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"status": 404}, "status"),
        ({"headers": []}, "headers"),
        ({"forms": [["POST /"]]}, "forms"),
    ],
)
def test_all_but_words_is_a_fault(changed: dict[str, object], kind: str) -> None:
    report = compare(_seen(), _seen(**changed))
    assert not report.is_same
    assert [name for name, found in report.found.items() if found] == [kind]
    assert compare(_seen(), _seen(words=["Good day"])).is_same


def test_a_page_that_one_walk_did_not_meet_is_a_fault() -> None:
    less = {"routes": ["/ GET"], "seen": {}}
    assert not compare(_seen(), less).is_same
    assert not compare(less, _seen()).is_same


def test_the_code_of_an_app_is_that_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 6238, appendix B: the last six digits of its first values for SHA-1."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890"
    for now, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        monkeypatch.setattr("time.time", lambda now=now: now)
        assert one_time_code(secret) == code
