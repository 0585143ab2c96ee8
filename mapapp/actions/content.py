"""Editorial answers and lists of treatments between the site and a folder of files."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.editing import put_published
from mapapp.actions.editorial import FROM_FILES, SHIPPED, newest, text_of
from mapapp.actions.questions import take_from_set
from mapapp.actions.treatments import import_names
from mapapp.domain.content_files import ContentFile, read_folder, write_content
from mapapp.domain.editorial import PUBLISHED
from mapapp.domain.folding import words_to_search
from mapapp.domain.months import this_day
from mapapp.domain.questions import OPEN, load_set
from mapapp.domain.treatments import FILE_NAME, read_names
from mapapp.errors import BadInputError
from mapapp.store.conditions import Condition
from mapapp.store.questions import Editorial, Question


@dataclass
class Brought:
    """What an import did; ``kept``: left alone, because it was written or hidden here."""

    new: int = 0
    changed: int = 0
    same: int = 0
    treatments: int = 0
    kept: list[str] = field(default_factory=list)


def import_content(
    session: Session,
    folder: Path,
    *,
    who: str = SHIPPED,
    may_replace: bool = False,
    advance: Callable[[int], None] = lambda done: None,
    on: date | None = None,
) -> Brought:
    """Publish every answer in a folder that differs from what is published.

    Args:
        session: the transaction.
        folder: with ``<condition>/<question>.md``.
        who: one of ``FROM_FILES``. What ships replaces nothing but what shipped before; a folder
            of the site's own replaces what came from files.
        may_replace: also what would be left alone, but for questions that are hidden.
        advance: called for each file.
        on: which day, default the clock's.

    Raises:
        BadInputError: for a file that cannot be used; nothing of the folder may be kept then.
    """
    day, done = on or this_day(), Brought()
    files = list(read_folder(folder, day))
    if not files:
        raise BadInputError("There is no answer in this folder: <condition>/<question>.md")
    for path in sorted(folder.glob(f"*/{FILE_NAME}")):
        condition_id = _condition(session, path.parent.name, f"{path.parent.name}/{path.name}")
        done.treatments += import_names(session, condition_id, read_names(path))
    for file in files:
        question_id = _question(session, file)
        if question_id is None:
            done.kept.append(file.name)
        else:
            _bring(session, file, question_id, day, done, who, may_replace)
        advance(1)
    return done


def export_content(session: Session, folder: Path) -> int:
    """Write every published answer to a folder; return how many."""
    rows = session.execute(
        select(Question, Condition.slug)
        .join(Condition, Condition.id == Question.condition_id)
        .where(Question.id.in_(select(Editorial.question_id)), Question.state == OPEN)
        .order_by(Condition.slug, Question.slug)
    ).all()
    return sum(_write(session, folder, question, slug) for question, slug in rows)


def _bring(
    session: Session,
    file: ContentFile,
    question_id: int,
    day: date,
    done: Brought,
    who: str,
    may_replace: bool,
) -> None:
    before = newest(session, question_id, PUBLISHED)
    if before is not None and text_of(before) == replace(file.text, title=""):
        done.same += 1
        return
    replaceable = (SHIPPED,) if who == SHIPPED else FROM_FILES
    if before is not None and before.by not in replaceable and not may_replace:
        done.kept.append(file.name)
        return
    put_published(session, question_id, file.text, who, day)
    if before is None:
        done.new += 1
    else:
        done.changed += 1


def _question(session: Session, file: ContentFile) -> int | None:
    """Return the question of a file, made if needed; None where staff say it does not apply."""
    condition_id = _condition(session, file.condition, file.name)
    here = (Question.condition_id == condition_id, Question.slug == file.key)
    known = session.scalar(select(Question).where(*here))
    if known is not None:
        return known.id if known.state == OPEN else None
    if file.key in load_set():
        return take_from_set(session, condition_id, file.key)
    made = Question(
        condition_id=condition_id,
        slug=file.key,
        title=file.text.title,
        state=OPEN,
        words=words_to_search(file.text.title),
    )
    session.add(made)
    session.flush()
    return made.id


def _condition(session: Session, slug: str, name: str) -> int:
    condition_id = session.scalar(select(Condition.id).where(Condition.slug == slug))
    if condition_id is None:
        raise BadInputError(f"{name}: there is no condition “{slug}” on this site.")
    return condition_id


def _write(session: Session, folder: Path, question: Question, slug: str) -> bool:
    row = newest(session, question.id, PUBLISHED)
    if row is None:
        return False
    path = folder / slug / f"{question.slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = replace(text_of(row), title=question.title)
    path.write_text(write_content(text), encoding="utf-8")
    return True
