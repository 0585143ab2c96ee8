"""What the people of a comparison do on both sites: they go from page to page and send forms."""

from collections.abc import Callable
from dataclasses import dataclass, field

from compare_browser import FIRST, Answer, Browser, NotThereError

RARE = "achondroplasia"
"""A condition without invented people, so that the people below find each other."""
BUSY = "dystonia"
MEMBERS = ("robin", "wren", "jay", "kit")
STAFF = {"mod": "moderator", "boss": "admin"}
_RARE, _BUSY = f"/conditions/{RARE}", f"/conditions/{BUSY}"


@dataclass(frozen=True)
class Act:
    """A form that a person sends.

    Attributes:
        who: the person.
        page: where they start; "" for the page after their last act.
        action: part of the URL to which the form is sent.
        filled: the fields that they change.
        through: parts of the links that they follow first.
    """

    who: str
    page: str
    action: str
    filled: dict[str, str | list[str]] = field(default_factory=dict)
    through: tuple[str, ...] = ()


def _join(who: str, condition: str, town: str, pseudonym: str, visibility: str) -> list[Act]:
    once = {"adult": "y", "mail": "y"} if condition == RARE else {}
    return [
        Act(who, f"/conditions/{condition}/place", "/place", {"town": town}),
        Act(who, "", "/place", {"area": FIRST}),
        Act(
            who,
            "",
            "/place",
            {
                "pseudonym": pseudonym,
                "visibility": visibility,
                "languages": ["en", "", "", ""],
                **once,
            },
        ),
    ]


_PEOPLE_COME = [
    *_join("robin", RARE, "Leeds", "Amber Fox", "public"),
    *_join("wren", RARE, "Oslo", "Blue Heron", "members"),
    *_join("jay", RARE, "Perth", "Quiet Pine", "public"),
    *_join("kit", RARE, "Leeds", "Mild Otter", "counted"),
    *_join("robin", BUSY, "Leeds", "Amber Fox", "members"),
    Act("robin", "/profile", "/profile"),
    Act("robin", f"{_BUSY}/wishes", "/wishes", {"carers_only": "y", "farthest": "3"}),
    Act("robin", f"{_RARE}/place/cared-for", "/cared-for", {"town": "Leeds"}),
    Act("robin", "", "/cared-for", {"area": FIRST}),
    Act("robin", "", "/cared-for", {"who": "child", "month": "05", "year": "2028", "may": "y"}),
    Act("robin", "/places", f"/places/{BUSY}/visibility", {"visibility": "public"}),
]
_THEY_TALK = [
    Act(
        "wren",
        f"{_RARE}/areas/world",
        "/connect",
        {"reason": "treatments", "greeting": "hello"},
        ("/areas/GB", "/connect"),
    ),
    Act("robin", "/inbox", "/accept"),
    Act("robin", "", "/conversations/", {"text": "See https://www.example.org/page first."}),
    Act("robin", "", "/conversations/", {"text": "Thank you for asking."}),
    Act(
        "wren",
        "/inbox",
        "/conversations/",
        {"text": "Good to hear from you."},
        ("/conversations/",),
    ),
    Act(
        "wren",
        "/inbox",
        "/report/message",
        {"category": "harassment"},
        ("/conversations/", "/report/message"),
    ),
    Act(
        "jay",
        f"{_RARE}/areas/world",
        "/connect",
        {"reason": "meet", "greeting": "first"},
        ("/areas/GB", "/connect"),
    ),
    Act(
        "jay",
        f"{_RARE}/areas/world",
        "/report/person",
        {"category": "spam"},
        ("/areas/GB", "/report/person"),
    ),
]
_THEY_WRITE = [
    Act("robin", f"{_RARE}/questions", "/questions/treatments/take"),
    Act(
        "robin",
        f"{_RARE}/questions/treatments/write",
        "/write",
        {
            "text": "Exercise in warm water helps me more than anything else did.",
            "years": "4",
            "role": "self",
            "named_to": "public",
            "indexed": "y",
        },
    ),
    Act("wren", f"{_RARE}/questions/treatments", "/vote", {"helpful": "yes"}),
    Act(
        "wren",
        f"{_RARE}/stories/write",
        "/stories/write",
        {
            "title": "Ten years with it",
            "years": "10",
            "role": "self",
            "named_to": "members",
            "text": "It began when I was at school. At first nobody knew what it was, and it took "
            "three years and many doctors until one of them could tell me its name. Since then it "
            "has been easier to explain, and I have met others.",
        },
    ),
    Act(
        "robin",
        f"{_RARE}/questions",
        f"{_RARE}/questions",
        {"question": "How do you sleep on long flights?"},
    ),
    Act("robin", f"{_RARE}/treatments", "/treatments/propose", {"name": "Warm baths"}),
    Act(
        "robin",
        f"{_BUSY}/treatments",
        f"{_BUSY}/treatments",
        {"treatment": FIRST, "outcome": "better"},
    ),
]
_STAFF_DECIDE = [
    *(
        act
        for deed in ("warn", "nothing", "remove")
        for act in (
            Act("mod", "/moderation", "/take", {}, ("/moderation/(id)",)),
            Act("mod", "", "/decide", {"act": deed, "reason": "A reason that people can read."}),
        )
    ),
    Act("robin", "/account/rulings", "/appeal", {"words": "I meant no harm by it."}),
    Act(
        "boss",
        "/moderation?state=appealed",
        "/close",
        {"outcome": "upheld", "reason": "Read once more."},
        ("/moderation/(id)",),
    ),
    Act(
        "boss",
        f"/moderation/content/{RARE}/treatments",
        "/treatments",
        {
            "body": "## What helps\n\nWarm water helps many people [^1].",
            "sources": "1 | A study | A journal | 2020 | https://www.example.org/study",
            "wish": "draft",
        },
    ),
    Act("boss", f"/admin/conditions/{RARE}", RARE, {"about": "A word more.", "reason": "Clearer."}),
    Act("boss", "/admin/conditions/new", "/new", {"name": "Made-up syndrome", "reason": "A test."}),
    Act("boss", "/admin/export", "/admin/export", {"conditions": BUSY, "reason": "A comparison."}),
]
_SOME_LEAVE = [
    Act("jay", "/account", "/account/hide"),
    Act("kit", "/account/erase", "/account/erase"),
]
ACTS = [*_PEOPLE_COME, *_THEY_TALK, *_THEY_WRITE, *_STAFF_DECIDE, *_SOME_LEAVE]


def act_out(
    acts: list[Act], people: dict[str, Browser], note: Callable[[str, Answer | str], None]
) -> None:
    """Perform ``acts`` as ``people``.

    Args:
        acts: in order.
        people: everyone's browser, by name.
        note: called after each act with its name and the response, or with a text if the page
            lacked what the act needs.
    """
    last: dict[str, Answer] = {}
    for act in acts:
        name = f"act of {act.who}: {act.page or 'then'} {act.action}"
        try:
            last[act.who] = _act(people[act.who], act, last.get(act.who))
            note(name, last[act.who])
        except NotThereError as error:
            note(name, str(error))


def _act(browser: Browser, act: Act, last: Answer | None) -> Answer:
    answer = browser.follow(act.page) if act.page or last is None else last
    for part in act.through:
        answer = browser.follow(answer.link(part))
    return browser.submit(answer, act.action, **act.filled)
