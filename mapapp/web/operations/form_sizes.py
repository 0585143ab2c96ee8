"""How large the forms of the site may be: as large as what may be written into them.

In the worst script a browser sends twelve bytes for a character. What is a little too long comes
back on the page that refuses it, in nearly every script; only what no form takes is not read.
"""

from flask import Flask, request, session

from mapapp.actions.operations.staff_acts import (
    LONGEST_ABOUT,
    LONGEST_CONDITION_NAME,
    MOST_NAMES,
)
from mapapp.domain.knowledge.editorial_rules import (
    LONGEST_BODY,
    LONGEST_REVIEWER,
    LONGEST_SOURCE,
    MOST_SOURCES,
)
from mapapp.domain.knowledge.post_rules import LONGEST_STORY, LONGEST_STORY_TITLE
from mapapp.web.core.serving import SHORT_FORM
from mapapp.web.core.session_store import MEMBER_KEY

BYTES_A_CHARACTER = 12
"""Of an emoji in a URL-encoded form; a Cyrillic letter has six, a Chinese or Hindi one nine."""
REST = 4 * 1024  # bytes of a form's other fields: its token, key and choices


def _bytes(characters: int) -> int:
    return max(SHORT_FORM, characters * BYTES_A_CHARACTER + REST)


LONG_FORM = _bytes(LONGEST_STORY + LONGEST_STORY_TITLE)
"""Of the longest text that a member writes; also of a visitor who was a member a moment ago."""
LARGEST_FORM = _bytes(LONGEST_BODY + LONGEST_REVIEWER + MOST_SOURCES * LONGEST_SOURCE)
"""Of all; the one for an editors' answer with its sources."""
SIZES = {
    **dict.fromkeys(
        (
            "conversations.write_message",
            "posts.change",
            "questions.write_answer",
            "stories.write_story",
            "written.keep",
        ),
        LONG_FORM,
    ),
    **dict.fromkeys(
        ("admin.add_condition", "admin.edit_condition"),
        _bytes(LONGEST_ABOUT + (MOST_NAMES + 1) * (LONGEST_CONDITION_NAME + 2)),
    ),
    "editorial.edit": LARGEST_FORM,
}
"""Bytes that a page takes; all others take ``SHORT_FORM``."""


def init_form_sizes(app: Flask) -> None:
    """Let each page of ``app`` read as much as its form can have, and no more."""

    @app.before_request
    def _limit() -> None:
        most = SIZES.get(request.endpoint or "", SHORT_FORM)
        if most > LONG_FORM and MEMBER_KEY not in session:
            most = LONG_FORM  # reading a form is work, and done before anything else
        request.max_content_length = most
