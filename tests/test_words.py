"""Whatever the site says goes through one door: marked where it is written, translated once.

The types say that an error takes a marked message, and mypy holds that. What types cannot say is
held here, by reading the code: that each mark stands at a text that extraction finds, and that no
sentence is put together from pieces.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jinja2
import jinja2.nodes
import pytest

from mapapp import errors
from mapapp.paths import PACKAGE, TEMPLATES

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
import languages_catalogues as catalogues

DOOR = {PACKAGE / "errors.py", PACKAGE / "domain" / "core" / "translations.py"}
MARKS = {"N_": 1, "Nn_": 2, "_": 1, "gettext": 1, "lazy_gettext": 1, "ngettext": 2}
"""What marks a message, with how many texts it takes."""
FROM_DATA = {
    PACKAGE / "domain" / "conditions" / "catalogue.py",
    PACKAGE / "domain" / "knowledge" / "question_set.py",
    PACKAGE / "domain" / "safety" / "helplines.py",
    PACKAGE / "web" / "open_data" / "api_words.py",
}
"""Read messages from files that extraction reads, too; nothing else makes ``Words`` itself."""

Place = tuple[Path, ast.AST]


@cache
def _modules() -> dict[Path, ast.Module]:
    paths = [path for path in PACKAGE.rglob("*.py") if path not in DOOR]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def _calls(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the name of what is called, which may be a method."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", "")), node


def _family(of: type[errors.MapappError] = errors.MapappError) -> Iterator[type]:
    yield of
    for kind in of.__subclasses__():
        yield from _family(kind)


@cache
def _places_of_messages() -> dict[str, int]:
    """Return where each kind of error takes its message; some have their own and take none."""
    found = {}
    for kind in _family():
        names = list(inspect.signature(kind).parameters)
        if "message" in names:
            found[kind.__name__] = names.index("message")
    return found


def _messages_of_errors(module: ast.Module) -> Iterator[ast.expr]:
    for name, call in _calls(module):
        place = _places_of_messages().get(name)
        if place is not None and len(call.args) > place:
            yield call.args[place]
    names = {kind.__name__ for kind in _family()}
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and names & {ast.unparse(base) for base in node.bases}:
            for name, call in _calls(ast.Module(node.body, [])):
                if name == "__init__" and ast.unparse(call.func).startswith("super()"):
                    yield call.args[0]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_computed(message: ast.expr, module: ast.Module, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a message is neither a marked text nor a name for one, whose type mypy knows."""
    if isinstance(message, ast.IfExp):
        return any(_is_computed(part, module, seen) for part in (message.body, message.orelse))
    if isinstance(message, ast.Call):
        return getattr(message.func, "id", "") not in {"N_", "Nn_"}
    if isinstance(message, ast.Name) and message.id not in seen:
        values = [
            node.value
            for node in ast.walk(module)
            if isinstance(node, ast.Assign)
            and message.id in {ast.unparse(target) for target in node.targets}
        ]
        return any(_is_computed(value, module, seen | {message.id}) for value in values)
    return not isinstance(message, ast.Name | ast.Attribute | ast.Subscript)


def _imported(module: ast.Module) -> set[str]:
    """Return the names that come from ``mapapp.errors``."""
    return {
        alias.name
        for node in module.body
        if isinstance(node, ast.ImportFrom) and node.module == "mapapp.errors"
        for alias in node.names
    }


def _where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)[:80]}"  # type: ignore[attr-defined]


def _computed_messages(modules: dict[Path, ast.Module]) -> list[str]:
    return [
        _where(path, message)
        for path, module in modules.items()
        for message in _messages_of_errors(module)
        if _is_computed(message, module)
    ]


def _marks_without_text(modules: dict[Path, ast.Module]) -> list[str]:
    return [
        _where(path, call)
        for path, module in modules.items()
        for name, call in _calls(module)
        if name in MARKS
        and not (len(call.args) >= MARKS[name] and all(map(_is_text, call.args[: MARKS[name]])))
    ]


def _joined(modules: dict[Path, ast.Module]) -> list[str]:
    """Return where something said is a piece of a longer text."""
    said = {*MARKS, "translated"}
    return [
        _where(path, node)
        for path, module in modules.items()
        for node in ast.walk(module)
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add))
        if any(name in said for name, _call in _calls(ast.Module([ast.Expr(node)], [])))
    ]


def test_errors_carry_marked_messages() -> None:
    assert len(_places_of_messages()) > 6
    assert sum(len(list(_messages_of_errors(module))) for module in _modules().values()) > 200
    assert _computed_messages(_modules()) == []


def test_marks_stand_at_texts_that_extraction_finds() -> None:
    assert _marks_without_text(_modules()) == []
    makers = {
        path
        for path, module in _modules().items()
        if "Words" in _imported(module) and "Words" in {name for name, _call in _calls(module)}
    }
    assert makers == FROM_DATA


def test_sentences_are_not_put_together_from_pieces() -> None:
    assert _joined(_modules()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        'raise BadInputError("At most 8 places.")',
        'raise BadInputError(f"At most {most} places.")',
        'raise BadInputError(N_("At most ") + most)',
        'raise BadInputError(_("At most 8 places."))',
        'raise WrongPartError("body", "At most 8 places.")',
        'words = _("At most 8 places.")\nraise BadInputError(words)',
        'class OwnError(BadInputError):\n def __init__(self):\n  super().__init__("At most 8.")',
    ],
)
def test_unmarked_and_computed_messages_are_found(wrong: str) -> None:
    assert _computed_messages({PACKAGE / "x.py": ast.parse(wrong)})


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (_marks_without_text, 'flash(_(f"At most {most} places."))'),
        (_marks_without_text, "flash(_(str(error)))"),
        (_marks_without_text, 'ngettext("one place", many, n)'),
        (_marks_without_text, "flask_babel.gettext(words)"),
        (_joined, "f\"{_('At most')} {most}\""),
        (_joined, 'translated(MOST) + "."'),
    ],
)
def test_marks_without_text_and_joined_pieces_are_found(check, wrong: str) -> None:  # type: ignore[no-untyped-def]
    assert check({PACKAGE / "x.py": ast.parse(wrong)})


@cache
def _template_ids() -> frozenset[str]:
    ids: set[str] = set()
    for message in catalogues.extract():
        ids |= set(message.id if isinstance(message.id, tuple) else (message.id,))
    return frozenset(ids)


def test_every_marked_text_of_the_code_is_extracted() -> None:
    marked = {
        text.value
        for module in _modules().values()
        for name, call in _calls(module)
        if name in MARKS
        for text in call.args[: MARKS[name]]
        if isinstance(text, ast.Constant)
    }
    assert len(marked) > 700
    assert marked - _template_ids() == set()


def _template_calls(path: Path) -> Iterator[jinja2.nodes.Call]:
    tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(jinja2.nodes.Call):
        if isinstance(call.node, jinja2.nodes.Name) and call.node.name in MARKS:
            yield call


def test_templates_mark_texts_and_nothing_else_and_all_are_extracted() -> None:
    paths = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("mail/*.txt")]
    wrong, marked = [], set()
    for path in paths:
        for call in _template_calls(path):
            texts = call.args[: MARKS[call.node.name]]  # type: ignore[attr-defined]
            if all(isinstance(text, jinja2.nodes.Const) for text in texts):
                marked |= {text.value for text in texts}  # type: ignore[attr-defined]
            else:
                wrong.append(f"{path.relative_to(TEMPLATES)}:{call.lineno}")
    assert wrong == []
    assert len(marked) > 600
    assert marked - _template_ids() == set()


def test_apostrophes_and_quotation_marks_are_typographic() -> None:
    """“the site’s staff”, not "the site's staff"; what is typed into a shell stays as it is."""
    straight = {text for text in _template_ids() if re.search(r"[^\W\d]['\"]|['\"][^\W\d]", text)}
    found = {text for text in straight if not re.search(r"MAPAPP_|<\w+ |--\w", text)}
    # The name of a group comes with the catalogue, which is built from large sources.
    assert found <= {"Women's, men's and sexual health"}
