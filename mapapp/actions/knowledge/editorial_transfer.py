"""Editorial answers and lists of treatments between the site and a folder of files."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.editorial_edit import put_published
from mapapp.actions.knowledge.editorial_read import FROM_FILES, SHIPPED, newest, text_of
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.actions.knowledge.treatment_use import import_names
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.folding import words_to_search
from mapapp.domain.knowledge.editorial_file import ContentFile, read_folder, write_content
from mapapp.domain.knowledge.editorial_rules import PUBLISHED
from mapapp.domain.knowledge.question_set import OPEN, load_set
from mapapp.domain.knowledge.treatment_list import FILE_NAME, read_names
from mapapp.errors import N_, BadInputError, DataError
from mapapp.store.conditions import Condition
from mapapp.store.questions import Editorial, Question
from mapapp.whole_files import put_files


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
) -> Brought:
    """Publish every answer in a folder that differs from what is published.

    Args:
        session: the transaction.
        folder: with ``<condition>/<question>.md``.
        who: one of ``FROM_FILES``. What ships replaces nothing but what shipped before; a folder
            of the site's own replaces what came from files.
        may_replace: also what would be left alone, but for questions that are hidden.
        advance: called for each file.

    Raises:
        BadInputError: for a file that cannot be used; nothing of the folder may be kept then.
    """
    done = Brought()
    rules = _Rules(who, may_replace, done)
    files = list(read_folder(folder, this_day()))
    if not files:
        raise BadInputError(N_("There is no answer in this folder: <condition>/<question>.md"))
    for path in sorted(folder.glob(f"*/{FILE_NAME}")):
        name = f"{path.parent.name}/{path.name}"
        condition_id = _condition(session, path.parent.name, name)
        done.treatments += import_names(session, condition_id, _names_in(path, name))
    for file in files:
        question_id = _question(session, file)
        if question_id is None:
            done.kept.append(file.name)
        else:
            _bring(session, file, question_id, rules)
        advance(1)
    return done


def _names_in(path: Path, name: str) -> tuple[str, ...]:
    try:
        return read_names(path)
    except BadInputError as error:
        raise BadInputError(N_("%(file)s: %(reason)s"), file=name, reason=error) from None
    except DataError:
        raise BadInputError(
            N_("%(file)s: write names = […] in TOML, and save the file as UTF-8."), file=name
        ) from None


def export_content(session: Session, folder: Path) -> int:
    """Write every published answer to a folder; return how many."""
    rows = session.execute(
        select(Question, Condition.slug)
        .join(Condition, Condition.id == Question.condition_id)
        .where(Question.id.in_(select(Editorial.question_id)), Question.state == OPEN)
        .order_by(Condition.slug, Question.slug)
    ).all()
    return sum(_write(session, folder, question, slug) for question, slug in rows)


@dataclass(frozen=True)
class _Rules:
    """Who brings answers in, whether they replace everything, and what was done."""

    who: str
    may_replace: bool
    done: Brought

    def replaces(self, before: Editorial) -> bool:
        """Whether what was published before gives way."""
        replaceable = (SHIPPED,) if self.who == SHIPPED else FROM_FILES
        return self.may_replace or before.by in replaceable


def _bring(session: Session, file: ContentFile, question_id: int, rules: _Rules) -> None:
    before, done = newest(session, question_id, PUBLISHED), rules.done
    if before is None:
        done.new += 1
    elif text_of(before) == replace(file.text, title=""):
        done.same += 1
        return
    elif not rules.replaces(before):
        done.kept.append(file.name)
        return
    else:
        done.changed += 1
    put_published(session, question_id, file.text, rules.who, this_day())


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
        raise BadInputError(
            N_("%(file)s: there is no condition “%(condition)s” on this site."),
            file=name,
            condition=slug,
        )
    return condition_id


def _write(session: Session, folder: Path, question: Question, slug: str) -> bool:
    row = newest(session, question.id, PUBLISHED)
    if row is None:
        return False
    path = folder / slug / f"{question.slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = replace(text_of(row), title=question.title)
    put_files({path: write_content(text).encode()})
    return True
