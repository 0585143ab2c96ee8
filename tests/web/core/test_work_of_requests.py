"""No request costs much, whatever it brings: 50 ms of a processor for visitors, 200 for members.

Every page, address and form that people meet is asked for with the worst letters of Unicode in
every value: signs that become long, marks that are put in order, words that are looked up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mapapp.settings import Settings
from mapapp.web.core.request_session import LONGEST_QUERY
from mapapp.web.core.serving import SHORT_FORM
from mapapp.web.open_data import condition_answers
from mapapp.web.operations.form_sizes import LONG_FORM, SIZES
from tests.forms import Form, forms
from tests.languages.walking import LAST, STARTS, Walker
from tests.languages.world import live
from tests.lifted_limits import lift_limits
from tests.sampling import Sampling
from tests.signed_in import sign_in
from tests.web.core.test_every_route import rules
from tests.work import UNIT_MS, one_unit, units

VISITOR_MS, MEMBER_MS = 50, 200
WORDS = ("q", "town", "next", "from")
CHOICES = ("page", "level", "under", "area", "role", "language", "letter", "group", "condition",
           "place", "order", "include", "state", "before", "after", "country",
           "region")  # fmt: skip
TYPED = ("q", "town", "text", "body", "title", "name", "names", "pseudonym", "reason", "about",
         "mail", "email", "words", "sources", "reviewer", "code", "side_effects", "next", "key",
         "credential")  # fmt: skip
"""What a form may send beside the values that stand on it: fields to write in, and hidden ones."""
PACKED = {"Accept-Encoding": "gzip, br"}
"""As every browser asks; packing costs, too."""
FORM = "application/x-www-form-urlencoded"
SHORT = 90
LONG_ENOUGH = (SHORT, 4_900, 19_000)
"""Characters: what fits a search field, a message, and the longest text that anybody writes."""

WORST = st.one_of(
    st.sampled_from("ﷺ㍿㌖ﷻ⑽ᾂΐﬃǅİß각힣ཷ\u0344\u1e9b\u0323𝔸𝟘Åﬀ"),  # signs that become longer
    st.sampled_from(["\u0345\u0301", "\u0327\u0301\u0334", "\U00010f46\u0301", "\u0301\u200d"]),
    st.sampled_from(["👩\u200d👩\u200d👧", "🏴\U000e0067", "\u202e", "\u3164", "\ud800", "\x00"]),
    st.sampled_from(["с", "ҮԚ", "аbс ", "p4ypal ", "b i t ", "b1tc0in ", "whats app "]),
    st.sampled_from(["a-", "a.", "a@", "www.", "http://a", "1 ", "12.", "(at) ", "DE12 "]),
    st.sampled_from(["## a\n", "![", "[a](", "**a", "`", "> ", "- a\n", "<a ", "|", "[^a]"]),
    st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=5, max_size=9).map(
        lambda word: f"{word} "
    ),
)
"""A piece that is repeated."""


@st.composite
def worst_texts(draw: st.DrawFn) -> str:
    """Texts of a few pieces, each repeated, or of many different words."""
    pieces = draw(st.lists(WORST, min_size=1, max_size=14))
    length = draw(st.sampled_from(LONG_ENOUGH))
    each = draw(st.sampled_from([1, 7, length]))
    text = "".join(piece * (each // len(piece) + 1) for piece in pieces)
    return (text * (length // len(text) + 1))[:length]


STRICT: dict[str, tuple[str, ...]] = {"api_conditions.list_conditions": ("q",)}
"""The parameters for text of pages that refuse all that they do not know."""


@dataclass
class Asker(Walker):
    """A person who keeps the address of each kind of page they met."""

    limit_ms: float = VISITOR_MS
    addresses: dict[str, str] = field(default_factory=dict)

    def read(self, path: str) -> object:  # type: ignore[override]
        self.addresses.setdefault(self.endpoint(path), path)
        return super().read(path)


@dataclass(frozen=True)
class Asked:
    """A request that is made with hostile values."""

    who: Asker
    method: str
    address: str
    fields: tuple[tuple[str, str], ...] = ()

    def send(self, text: str) -> int:
        """Send it, and return the status."""
        if self.method == "GET":
            # What is no number or choice is refused before anything is looked for.
            names = WORDS if len(text) <= SHORT else (*WORDS, *CHOICES)
            address, _mark, known = self.address.partition("?")
            names = STRICT.get(self.who.endpoint(address), names)
            room = LONGEST_QUERY // len(names)
            most = room * len(text) // len(_encoded({"q": text}))
            query = _encoded({**dict(parse_qsl(known)), **dict.fromkeys(names, text[:most])})
            answer = self.who.client.get(address, query_string=query, headers=PACKED)
            return answer.status_code
        sent = {name: text for name in TYPED} | {n: v or text for n, v in self.fields}
        most = min(SIZES.get(self.who.endpoint(self.address), SHORT_FORM), LONG_FORM)
        room = most * 9 // 10  # a larger form is refused unread
        for name in [name for name, value in sent.items() if value == text]:
            room -= len(_encoded({name: text}))
            if room < 0:
                del sent[name]
        return self.who.client.post(
            self.address, data=_encoded(sent), content_type=FORM, headers=PACKED
        ).status_code


def _encoded(values: dict[str, str]) -> str:
    """Return what a client that does not care sends: half signs and all."""
    return urlencode(values, errors="surrogatepass")


def everything(who: Asker, app: Flask) -> Iterator[Asked]:
    """Yield a request for every kind of page and form that ``who`` meets, and every other POST."""
    yield from (Asked(who, "GET", one) for _kind, one in sorted(who.addresses.items()))
    found: dict[str, Form] = {}
    for page in who.pages.values():
        for form in forms(page):
            if form.action.startswith("/") and who.endpoint(form.action):
                found.setdefault(who.endpoint(form.action), form)
    for rule in rules(app):
        if "POST" in (rule.methods or ()) and rule.endpoint not in found:
            found[rule.endpoint] = Form(re.sub(r"<[^>]*>", "dystonia", rule.rule))
    for _kind, form in sorted(found.items()):
        if not form.action.endswith((*LAST, "/leave")):
            yield Asked(who, "POST", form.action, tuple(form.fields.items()))


@pytest.fixture
def asked(
    app: Flask, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> list[Asked]:
    """Every request, by a visitor and by an admin, after each page was read once."""
    lift_limits(monkeypatch)
    lived = live(session, settings)
    askers = [Asker(app, app.test_client()), Asker(app, app.test_client(), "member")]
    askers[1].limit_ms = MEMBER_MS
    robin = lived.members["robin"]
    sign_in(askers[1].client, robin.id, robin.session_handle)
    for who in askers:
        who.walk((*STARTS, *lived.paths), each=1)
    return [one for who in askers for one in everything(who, app)]


def test_no_request_costs_much(asked: list[Asked], sampling: Sampling) -> None:
    assert len(asked) > 150
    turn = count()
    parts = 1 if sampling.full else 12
    too_much: dict[str, str] = {}

    @hypothesis_settings(
        max_examples=30 if sampling.full else 12,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(worst_texts())
    def ask(text: str) -> None:
        for one in asked[next(turn) % parts :: parts]:
            note_if_too_much(one, text, too_much)

    ask()
    assert not too_much, "\n".join(f"{kind}: {words}" for kind, words in too_much.items())


def note_if_too_much(one: Asked, text: str, too_much: dict[str, str]) -> None:
    most = one.who.limit_ms / UNIT_MS
    turned = (text[place:] + text[:place] for place in count())  # what is kept by text helps nobody
    taken = units(lambda: one.send(next(turned)), most)
    if taken > most:
        kind = f"{one.who.name} {one.method} {one.who.endpoint(one.address)}"
        too_much[kind] = f"{taken * UNIT_MS:.0f} ms for {text[:30]!r} … {len(text)}"


def test_a_request_that_costs_much_is_found(
    asked: list[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "api_conditions.list_conditions"
    searched = next(one for one in asked if one.who.endpoint(one.address) == page)
    find = condition_answers.search_conditions
    slowly = lambda *given: ([one_unit() for _ in range(90)], find(*given))[1]  # noqa: E731
    monkeypatch.setattr(condition_answers, "search_conditions", slowly)
    too_much: dict[str, str] = {}
    note_if_too_much(searched, "ab", too_much)
    assert list(too_much) == [f"visitor GET {page}"]
