"""Catalogues of the site's languages: extracted from the code, compiled and checked.

Called by scripts/languages; docs/words.md explains how to use it.
"""

import gzip
import json
import re
import sys
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "mapapp" / "translations"
MAPPING = ROOT / "babel.cfg"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "Nn_": (1, 2)}
COMMENT = "Translators:"
Found = tuple[int, str, str, list[str]]
"""A message as Babel expects it: its line, its function, its text and comments."""
PARTS = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+[^>]*>")
"""What a translation must keep: placeholders, those of the browser's scripts, and HTML tags."""


def _extractor(texts_in: Callable[[bytes], Iterable[str]]) -> Callable[..., Iterator[Found]]:
    """Return a Babel extraction method for a data file."""

    def _extract(
        fileobj: IO[bytes],
        keywords: Collection[str],
        comment_tags: Collection[str],
        options: dict[str, Any],
    ) -> Iterator[Found]:
        return ((1, "N_", text, []) for text in texts_in(fileobj.read()))

    return _extract


def _questions(file: bytes) -> Iterator[str]:
    return (row["words"] for row in tomllib.loads(file.decode())["question"])


def _groups(file: bytes) -> Iterator[str]:
    return (name for _key, name in json.loads(gzip.decompress(file))["groups"])


def _helplines(file: bytes) -> Iterator[str]:
    """Yield what each helpline is for, and all of "everywhere"; other names stay as they are."""
    read = tomllib.loads(file.decode())
    for entry in read["everywhere"]:
        yield from (entry["name"], entry["note"])
    for country in read["country"].values():
        yield from (entry["note"] for entry in country.get("helpline", ()) if entry["note"])


extract_questions = _extractor(_questions)
extract_groups = _extractor(_groups)
extract_helplines = _extractor(_helplines)


def extract(root: Path = ROOT) -> Catalog:
    """Return every message in the code, without translations."""
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename=MAPPING.name)
    template = Catalog(project="mapapp")
    found = extract_from_dir(root, methods, options, KEYWORDS, (COMMENT,), strip_comment_tags=True)
    for path, _line, message, comments, _context in found:
        template.add(message, locations=[(path, None)], auto_comments=comments)
    return template


def write_template(path: Path) -> None:
    """Write every message in the code to ``path``."""
    _write(extract(), path)


def add(tag: str, folder: Path = CATALOGUES) -> None:
    """Create the catalogue of the language ``tag``."""
    try:
        catalogue = Catalog(locale=Locale.parse(tag), project="mapapp", fuzzy=False)
    except (ValueError, UnknownLocaleError):
        sys.exit(f"{tag} is no language; codes are like de or pt_BR.")
    path = folder / str(catalogue.locale) / "LC_MESSAGES" / "messages.po"
    if path.exists():
        sys.exit(f"{path} is there already.")
    catalogue.update(extract())
    path.parent.mkdir(parents=True)
    _write(catalogue, path)


def update(folder: Path = CATALOGUES) -> None:
    """Bring every catalogue in line with the code; new messages have no translation yet."""
    template = extract()
    for path in _paths(folder):
        catalogue = _read(path)
        # Reviewers would take an unchecked guess for a translation.
        catalogue.update(template, no_fuzzy_matching=True)
        _write(catalogue, path)


def compile_all(folder: Path = CATALOGUES) -> None:
    """Compile every whole catalogue into the file that the site reads, and no other.

    A site can offer what is compiled. With a part of a language it would say English words and call
    them by that language's name.
    """
    template = extract()
    for path in _paths(folder):
        if any(_lacks(path, template)):
            path.with_suffix(".mo").unlink(missing_ok=True)
        else:
            path.with_suffix(".mo").write_bytes(_compiled(_read(path)))


def faults(folder: Path = CATALOGUES, template: Catalog | None = None) -> list[str]:
    """Return what is wrong with the catalogues, one line each."""
    template = extract() if template is None else template
    return [
        f"{path.parts[-3]}: {fault}"
        for path in _paths(folder)
        for fault in _faults_of(path, template)
    ]


def _faults_of(path: Path, template: Catalog) -> Iterator[str]:
    lacking = list(_lacks(path, template))
    yield from lacking
    compiled = path.with_suffix(".mo")
    if lacking and compiled.exists():
        yield "compiled, but not whole: scripts/languages compile"
    elif not lacking and not (
        compiled.exists() and compiled.read_bytes() == _compiled(_read(path))
    ):
        yield "not compiled since it was changed: scripts/languages compile"


def _lacks(path: Path, template: Catalog) -> Iterator[str]:
    """Yield what a catalogue lacks or has wrong, whatever is compiled."""
    catalogue = _read(path)
    wanted, there = ({m.id for m in c if m.id} for c in (template, catalogue))
    yield from (f"missing: {_start(message)}" for message in _sorted(wanted - there))
    yield from (f"not in the code: {_start(message)}" for message in _sorted(there - wanted))
    for message in catalogue:
        if message.id and message.id in wanted:
            yield from _faults_in(message, catalogue.num_plurals)


def _faults_in(message: Message, plurals: int) -> Iterator[str]:
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    given = message.string if isinstance(message.string, tuple) else (message.string,)
    if message.fuzzy:
        yield f"marked as uncertain: {_start(message.id)}"
    if not all(given) or len(given) != (plurals if message.pluralizable else 1):
        yield f"not translated: {_start(message.id)}"
        return
    allowed = [sorted(PARTS.findall(text)) for text in originals]
    for text in given:
        if sorted(PARTS.findall(text)) not in allowed:
            yield f"other values or HTML than in English: {text}"


def _start(message: Any) -> str:
    return repr(message[0] if isinstance(message, tuple) else message)


def _sorted(messages: set[Any]) -> list[Any]:
    return sorted(messages, key=_start)


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/messages.po"))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def _write(catalogue: Catalog, path: Path) -> None:
    # Without lines, or every change of the code would change every catalogue.
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False)


def _compiled(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def _check() -> None:
    found = faults()
    sys.exit("\n".join(found) if found else 0)


COMMANDS: dict[str, Callable[..., None]] = {
    "extract": lambda path="messages.pot": write_template(Path(path)),
    "add": add,
    "update": update,
    "compile": compile_all,
    "check": _check,
}


if __name__ == "__main__":
    sys.modules.setdefault("languages_catalogues", sys.modules["__main__"])  # babel.cfg names it
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"Usage: scripts/languages {' | '.join(COMMANDS)}")
    COMMANDS[sys.argv[1]](*sys.argv[2:])
