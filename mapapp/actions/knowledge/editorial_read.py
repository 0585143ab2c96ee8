"""Reading what the site's editors answered, and its versions."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import SHELL
from mapapp.domain.knowledge.editorial_rules import DRAFT, PUBLISHED, EditorialText, json_to_sources
from mapapp.domain.knowledge.markdown import Rendered, plain_paragraphs, render
from mapapp.store.members import Member
from mapapp.store.questions import Editorial

SHIPPED = ""
"""Who wrote a version that came with the program."""
FROM_FILES = (SHIPPED, SHELL)
"""Who wrote a version that came from a file; ``SHELL``: from a folder of the site's own."""


@dataclass(frozen=True)
class Published:
    """An answer of the editors, ready for a page.

    Attributes:
        number: of the version.
        text: as it was written, with who wrote and reviewed it.
        day: on which it was published.
    """

    number: int
    text: EditorialText
    day: date

    @property
    def rendered(self) -> Rendered:
        """The text as HTML, its sections and its sources."""
        return render(self.text.body, self.text.sources)

    @property
    def plain(self) -> str:
        """The text without any mark, for search engines."""
        return plain_paragraphs(self.text.body)

    def is_overdue(self, today: date) -> bool:
        """Whether the next review is overdue."""
        return self.text.review_due is not None and self.text.review_due < today


@dataclass(frozen=True)
class Version:
    """A version as staff see it; ``by`` is a pseudonym, '' without one or for an import."""

    number: int
    state: str
    text: EditorialText
    day: date
    by: str
    is_imported: bool


def published(session: Session, question_id: int) -> Published | None:
    """Return what the editors answer to a question, None where they have not."""
    row = newest(session, question_id, PUBLISHED)
    return Published(row.number, text_of(row), row.day) if row else None


def versions(session: Session, question_id: int) -> list[Version]:
    """Return all versions of an answer, the newest first."""
    rows = session.execute(
        select(Editorial, Member.staff_name)
        .outerjoin(Member, Member.account_id == Editorial.by)
        .where(Editorial.question_id == question_id)
        .order_by(Editorial.number.desc())
    )
    return [
        Version(row.number, row.state, text_of(row), row.day, name or "", row.by in FROM_FILES)
        for row, name in rows
    ]


def working_copy(session: Session, question_id: int) -> tuple[EditorialText | None, str]:
    """Return what an editor continues from, the draft or the published text, and its mark.

    The mark comes back with what the editor made of it, so that no editor overwrites what another
    saved in the meantime.
    """
    row = newest(session, question_id, DRAFT) or newest(session, question_id, PUBLISHED)
    return (text_of(row), mark_of(row)) if row else (None, "")


def newest(session: Session, question_id: int, state: str) -> Editorial | None:
    """Return the newest version in a state."""
    query = (
        select(Editorial)
        .where(Editorial.question_id == question_id, Editorial.state == state)
        .order_by(Editorial.number.desc())
        .limit(1)
    )
    return session.scalar(query.execution_options(populate_existing=True))


def text_of(row: Editorial) -> EditorialText:
    """Return a stored version as it was written."""
    return EditorialText(
        author_role=row.author_role,
        body=row.body,
        sources=json_to_sources(row.sources),
        reviewer=row.reviewer,
        reviewed=row.reviewed,
        review_due=row.review_due,
    )


def mark_of(row: Editorial) -> str:
    """Return what tells one state of a version from another."""
    return sha256(repr((row.number, row.state, text_of(row))).encode()).hexdigest()[:16]
