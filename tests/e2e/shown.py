"""Which pages show texts that people wrote, who sees them, and which of the planted texts."""

from collections.abc import Callable

from mapapp.domain.areas.area_tree import load_areas
from tests.e2e.planted import WORD, Planted
from tests.trust import LEEDS

Where = Callable[[Planted], str]
ZONE = load_areas().get(LEEDS).code
PAGES: dict[str, tuple[str, Where, tuple[str, ...]]] = {
    "area, visitor": ("visitor", lambda p: f"/conditions/{p.slugs[0]}/areas/GB", ("people",)),
    "area, member": ("wren", lambda p: f"/conditions/{p.slugs[0]}/areas/GB", ("people", "robin")),
    "nearby": ("visitor", lambda p: f"/conditions/{p.slugs[0]}/nearby?area={LEEDS}", ("people",)),
    "asking several": (
        "wren",
        lambda p: f"/conditions/{p.slugs[0]}/nearby/ask?area={LEEDS}",
        (),  # the nearest of them
    ),
    "condition": (
        "visitor",
        lambda p: f"/conditions/{p.slugs[0]}",
        ("names", "everything"),
    ),
    "conditions": ("visitor", lambda p: "/conditions", ("conditions",)),
    "share": ("visitor", lambda p: f"/conditions/{p.slugs[0]}/share", ()),
    "home": ("visitor", lambda p: "/", ()),
    "place": ("robin", lambda p: f"/conditions/{p.slugs[0]}/place", ("robin",)),
    "wishes": ("robin", lambda p: f"/conditions/{p.slugs[3]}/wishes", ()),
    "adviser": ("robin", lambda p: f"/conditions/{p.slugs[0]}/adviser", ("everything",)),
    "decades": ("robin", lambda p: f"/conditions/{p.slugs[0]}/decades", ()),
    "offers": ("boss", lambda p: "/moderation/advisers", ("robin",)),
    "offer": (
        "boss",
        lambda p: f"/moderation/advisers/{p.cases['offer']}",
        ("everything", "robin"),
    ),
    "places": ("robin", lambda p: "/places", ("conditions",)),
    "profile": ("robin", lambda p: "/profile", ("robin",)),
    "consents": ("robin", lambda p: "/consent", ()),
    "my data": (
        "robin",
        lambda p: "/account/data",
        ("conditions", "messages", "robin", "wren"),
    ),
    "other's data": ("wren", lambda p: "/account/data", ("people", "messages")),
    "blocker's data": ("away", lambda p: "/account/data", ("people",)),
    "browsers": ("robin", lambda p: "/account/sessions", ("devices",)),
    "passkeys": ("robin", lambda p: "/account/passkeys", ("devices",)),
    "decisions": ("robin", lambda p: "/account/rulings", ("reasons",)),
    "account": ("robin", lambda p: "/account", ()),
    "profile of another": (
        "wren",
        lambda p: f"/members/{p.person}/connect?condition={p.slugs[0]}",
        ("robin",),
    ),
    "inbox": ("wren", lambda p: "/inbox", ("people", "robin")),
    "blocked": ("away", lambda p: "/account/blocked", ("people",)),
    "conversation": ("wren", lambda p: f"/conversations/{p.conversation}", ("messages", "robin")),
    "search": ("wren", lambda p: f"/inbox/search?q={WORD}", ("robin",)),
    "report": ("wren", lambda p: f"/report/message/{p.long_message}", ("everything", "robin")),
    "report thanks": ("wren", lambda p: f"/report/message/{p.long_message}/thanks", ()),
    "questions": ("wren", lambda p: f"/conditions/{p.slugs[0]}/questions", ("titles",)),
    "questions, found": ("visitor", lambda p: f"/questions?q={WORD}", ("titles",)),
    "question, visitor": (
        "visitor",
        lambda p: f"/conditions/{p.slugs[0]}/questions/planted-0",
        ("answers", "robin"),
    ),
    "answers": (
        "wren",
        lambda p: f"/conditions/{p.slugs[0]}/questions/planted-0/answers?order=newest",
        ("answers", "robin"),
    ),
    "write an answer": (
        "wren",
        lambda p: f"/conditions/{p.slugs[0]}/questions/planted-0/write",
        (),
    ),
    "stories": ("visitor", lambda p: f"/conditions/{p.slugs[0]}/stories", ("titles", "robin")),
    "story": ("wren", lambda p: f"/conditions/{p.slugs[0]}/stories/{p.story}", ("story", "robin")),
    "versions": ("visitor", lambda p: f"/posts/{p.story}/versions", ("titles", "answers")),
    "change a story": ("robin", lambda p: f"/posts/{p.story}/change", ("story",)),
    "my posts": ("robin", lambda p: "/account/posts", ("titles", "answers", "story")),
    "report of a story": ("wren", lambda p: f"/report/story/{p.story}", ("story",)),
    "queue": ("boss", lambda p: "/moderation", ("people",)),
    "queue, taken": ("other", lambda p: "/moderation?state=taken", ("robin",)),
    "queue, decided": ("boss", lambda p: "/moderation?state=resolved", ("robin",)),
    "case, person": ("boss", lambda p: f"/moderation/{p.cases['person']}", ("everything",)),
    "case, message": ("boss", lambda p: f"/moderation/{p.cases['message']}", ("everything",)),
    "case, appealed": ("other", lambda p: f"/moderation/{p.cases['appealed']}", ("last reason",)),
    "case, closed": ("boss", lambda p: f"/moderation/{p.cases['closed']}", ("robin",)),
    "staff": ("chief", lambda p: "/admin", ("log", "mail")),
    "staff, export": ("chief", lambda p: "/admin/export", ("conditions",)),
    "staff, conditions": ("chief", lambda p: "/admin/conditions?q=", ()),
    "staff, condition": (
        "chief",
        lambda p: f"/admin/conditions/{p.slugs[0]}",
        ("names", "everything"),
    ),
    "staff, file": ("chief", lambda p: "/admin/exports/planted", ("file",)),
}
"""Who opens what, and which of the texts stand there."""


REFLECTED = (
    ("visitor", "/conditions?q={}", 98),
    ("visitor", "/conditions?letter=Q&{}={}", 1500),
    ("visitor", "/conditions/dystonia/nearby?town={}", 98),
    ("visitor", "/conditions/dystonia/areas/GB?{}", 1500),
    ("visitor", "/sign-in?next=/{}", 1500),
    ("visitor", "/sign-in?next={}", 1500),
    ("visitor", "/{}", 1500),
    ("away", "/inbox/search?q={}", 98),
    ("chief", "/admin/conditions?q={}", 198),
)
"""Pages that show text from their URL, who opens them, and how much they accept at once."""


def refused(planted: Planted) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Return who sends which fields where, with texts that are too long and are shown again."""
    case = planted.cases
    return {
        "message": ("wren", f"/conversations/{planted.conversation}", ("text",)),
        "place": ("wren", f"/conditions/{planted.slugs[3]}/place", ("pseudonym",)),
        "condition": (
            "chief",
            f"/admin/conditions/{planted.slugs[1]}",
            ("name", "names", "about", "reason"),
        ),
        "export": ("chief", "/admin/export", ("reason", "conditions", "level")),
        "decision": ("boss", f"/moderation/{case['person']}/decide", ("reason", "act")),
        "outcome": ("other", f"/moderation/{case['appealed']}/close", ("reason",)),
    }
