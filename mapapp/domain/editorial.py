"""Editorial answers: Markdown with sources, and what makes one complete."""

from dataclasses import dataclass

from mapapp.domain.wording import _

DRAFT, PUBLISHED = "draft", "published"

AUTHOR_ROLES = {
    "editor": _("the site's editors, from general medical knowledge"),
    "clinician": _("a clinician"),
    "researcher": _("a researcher"),
    "self": _("somebody who lives with it"),
}


@dataclass(frozen=True)
class Source:
    """Where a statement can be looked up; ``year`` 0 and ``url`` '' where they are not certain."""

    id: str
    title: str
    publisher: str
    year: int = 0
    url: str = ""
