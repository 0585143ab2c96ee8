"""Pages' JSON-LD for search engines: in schema.org's terms, and nothing that the page hides."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.editorial_read import Published
from mapapp.actions.knowledge.question_list import question_by_slug
from mapapp.actions.published.listings import condition_by_slug
from mapapp.domain.conditions.codes import codes_of
from mapapp.domain.knowledge.editorial_rules import EditorialText
from mapapp.web.knowledge.json_ld import (
    SaidByEditors,
    SaidByMember,
    breadcrumbs,
    graph,
    medical_condition,
    qa_page,
)
from mapapp.web.knowledge.page_markup import question_description, question_markup
from tests.injections import PAYLOADS, packed
from tests.paging import link_to
from tests.searchable import KEY, PAGE, TEXT, make_post, make_question, marked_up, node_of
from tests.vocabulary import problems
from tests.worlds import fill

HERE = "https://map.example.org/conditions/x/questions/y"
DAY = date(2026, 11, 24)
ABOUT = medical_condition("X", HERE, ["Ex"], "It is X.", codes_of("MONDO:0007492"))
EDITORS = SaidByEditors("Some are.", "The map", HERE, DAY)
MEMBER = SaidByMember("It was.", "Robin", f"{HERE}#post-1", DAY, DAY, 3)


def _page(editors: SaidByEditors | None, *members: SaidByMember) -> dict[str, Any]:
    made = qa_page("Is it?", HERE, ABOUT, editors, members)
    assert made is not None
    return made


@pytest.mark.parametrize(
    "node",
    [
        ABOUT,
        medical_condition("X", HERE),
        breadcrumbs([("A", HERE), ("B", HERE)]),
        _page(EDITORS, MEMBER),
        _page(EDITORS),
        _page(None, MEMBER, MEMBER),
    ],
)
def test_every_word_is_in_the_vocabulary(node: dict[str, Any]) -> None:
    assert list(problems(node)) == []
    assert graph([node]) == {"@context": "https://schema.org", "@graph": [node]}


@pytest.mark.parametrize(
    "node",
    [
        {"@type": "Ailment", "name": "X"},
        {"@type": "MedicalCondition", "nickname": "X"},
        {"@type": "MedicalCondition", "upvoteCount": 1},
        {"@type": "MedicalCondition", "code": "MONDO:1"},
        {"@type": "MedicalCondition", "url": "no address"},
        {"@type": "Answer", "upvoteCount": "many"},
        {"@type": "Answer", "datePublished": "yesterday"},
        {"@type": "Answer", "author": {"@type": "Question", "name": "X"}},
        {"@type": "Question", "acceptedAnswer": {"@type": "Answer", "votes": 1}},
        {"name": "X"},
    ],
)
def test_a_word_that_is_not_would_be_noticed(node: dict[str, Any]) -> None:
    assert list(problems(node)) != []


def test_a_question_with_its_answers() -> None:
    question = _page(EDITORS, MEMBER)["mainEntity"]
    assert question["answerCount"] == 2
    assert question["acceptedAnswer"]["author"] == {"@type": "Organization", "name": "The map"}
    assert question["acceptedAnswer"]["dateModified"] == "2026-11-24"
    (said,) = question["suggestedAnswer"]
    assert said["author"] == {"@type": "Person", "name": "Robin"}
    assert (said["upvoteCount"], said["url"]) == (3, f"{HERE}#post-1")


def test_what_is_empty_is_left_out() -> None:
    assert qa_page("Is it?", HERE, ABOUT, None, []) is None
    assert "suggestedAnswer" not in _page(EDITORS)["mainEntity"]
    assert "acceptedAnswer" not in _page(None, MEMBER)["mainEntity"]
    assert set(medical_condition("X", HERE)) == {"@type", "name", "url"}


def test_codes_of_every_list() -> None:
    assert [(code["codingSystem"], code["codeValue"]) for code in ABOUT["code"]] == [
        ("Mondo", "MONDO:0007492"),
        ("Orphanet", "ORPHA:256"),
        ("OMIM", "128100"),
        ("Disease Ontology", "DOID:0060730"),
        ("MeSH", "C538005"),
    ]


def test_the_page_of_a_condition(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get("/conditions/dystonia").text
    assert [problem for node in marked_up(page) for problem in problems(node)] == []
    found = node_of(page, "MedicalCondition")
    assert found["name"] == "Dystonia"
    assert found["url"] == "http://127.0.0.1:8000/conditions/dystonia"
    assert found["description"] in page
    assert found["code"][0]["codeValue"].startswith("MONDO:")
    way = node_of(page, "BreadcrumbList")["itemListElement"]
    assert [step["position"] for step in way] == [1, 2, 3]
    assert way[-1]["item"]["@id"] == found["url"]


def test_the_page_of_a_question(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    post = make_post(session, condition, make_question(session, condition), years=5, helpful=2)
    session.commit()
    page = client.get(PAGE).text
    assert [problem for node in marked_up(page) for problem in problems(node)] == []
    question = node_of(page, "QAPage")["mainEntity"]
    (said,) = question["suggestedAnswer"]
    assert (question["answerCount"], said["text"], said["upvoteCount"]) == (1, TEXT, 2)
    assert said["url"] == f"http://127.0.0.1:8000{PAGE}#post-{post.public_id}"
    assert f'id="post-{post.public_id}"' in page
    assert question["about"]["name"] == "Dystonia"


def test_a_pseudonym_is_given_where_visitors_see_it(
    client: FlaskClient, session: Session, make_member: Callable[..., Any]
) -> None:
    condition = fill(session)
    question_id = make_question(session, condition)
    for named_to in ("public", "members", "nobody"):
        writer = make_member(pseudonym=f"Zebra of {named_to}")
        make_post(session, condition, question_id, member=writer, named_to=named_to)
    session.commit()
    page = client.get(PAGE).text
    said = node_of(page, "QAPage")["mainEntity"]["suggestedAnswer"]
    names = [answer["author"]["name"] for answer in said]
    assert len(names) == 3
    assert [name for name in names if "Zebra" in name] == ["Zebra of public"]
    assert all(name in page for name in names)


def test_a_question_without_answers_is_no_page_of_answers(
    client: FlaskClient, session: Session
) -> None:
    make_question(session, fill(session))
    session.commit()
    assert [node["@type"] for node in marked_up(client.get(PAGE).text)] == ["BreadcrumbList"]


def test_members_are_told_nothing_twice(
    client: FlaskClient,
    session: Session,
    login: Callable[..., FlaskClient],
    make_member: Callable[..., Any],
) -> None:
    condition = fill(session)
    make_post(session, condition, make_question(session, condition))
    login(make_member())
    for path in (PAGE, "/conditions/dystonia"):
        assert marked_up(client.get(path).text) == []


def test_texts_stay_texts(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    question_id, texts = make_question(session, condition), packed(PAYLOADS, 5_000)
    for text in texts:
        make_post(session, condition, question_id, text=text)
    session.commit()
    said = node_of(client.get(PAGE).text, "QAPage")["mainEntity"]["suggestedAnswer"]
    assert sorted(answer["text"] for answer in said) == sorted(texts)


def test_the_description_of_a_question(client: FlaskClient, session: Session) -> None:
    make_question(session, fill(session))
    session.commit()
    page = client.get(PAGE).text
    assert page.count('<meta name="description"') == 1
    assert '<meta name="description" content="Does Dystonia run in families?">' in page


def test_the_editors_answer_in_the_markup(app: Flask, session: Session) -> None:
    condition = fill(session)
    make_post(session, condition, make_question(session, condition))
    session.commit()
    found = condition_by_slug(session, "dystonia")
    asked = question_by_slug(session, found.id, KEY)
    written = EditorialText("editor", "## In short\n\n" + "Some **forms**, `all`\nare.[^nhs] " * 40)
    editorial = Published(1, written, DAY)
    with app.test_request_context(PAGE):
        marked = question_markup(found, asked, [], editorial)
        words = question_description(found, asked, editorial)
    assert [problem for node in marked["@graph"] for problem in problems(node)] == []
    question = marked["@graph"][0]["mainEntity"]
    assert question["acceptedAnswer"]["text"].startswith("In short\nSome forms, all are. Some")
    assert question["acceptedAnswer"]["dateModified"] == "2026-11-24"
    assert question["acceptedAnswer"]["author"]["name"] == "Condition Map"
    assert question["answerCount"] == 1
    assert len(words) <= 155
    assert words.startswith("In short Some forms, all are. Some")
    assert words.endswith("…")


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("/?utm_source=a", "/"),
        ("/conditions/dystonia?x=1", "/conditions/dystonia"),
        ("/conditions/dystonia/map?x=1", "/conditions/dystonia/map"),
        ("/conditions/dystonia/questions?x=1", "/conditions/dystonia/questions"),
        (f"{PAGE}?page=1&x=1", PAGE),
        (f"{PAGE}?page=2&x=1", PAGE),
        ("/conditions?q=dystonia", "/conditions"),
        ("/conditions?page=x", "/conditions"),
        ("/conditions?letter=D&page=2&x=1", "/conditions?letter=D"),
    ],
)
def test_each_page_for_search_engines_has_one_address(
    client: FlaskClient, session: Session, path: str, canonical: str
) -> None:
    condition = fill(session)
    question_id = make_question(session, condition)
    for _number in range(21):
        make_post(session, condition, question_id)
    session.commit()
    page = client.get(path)
    assert page.status_code == 200
    link = f'<link rel="canonical" href="http://127.0.0.1:8000{canonical.replace("&", "&amp;")}">'
    assert page.text.count('rel="canonical"') == 1
    assert link in page.text


def test_each_page_of_a_list_has_an_address_of_its_own(
    client: FlaskClient, session: Session
) -> None:
    condition = fill(session)
    question_id = make_question(session, condition)
    for _number in range(21):
        make_post(session, condition, question_id)
    session.commit()
    second = link_to(client.get(f"{PAGE}?x=1").text, "next")
    assert second.startswith(f"{PAGE}?x=1&page=")
    page = client.get(second).text
    own = second.replace("x=1&", "")
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{own}">' in page


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/conditions/dystonia/areas/GB", f"{PAGE}/answers", "/conditions/no-such", "/no"],
)
def test_other_pages_have_none(client: FlaskClient, session: Session, path: str) -> None:
    make_question(session, fill(session))
    session.commit()
    assert 'rel="canonical"' not in client.get(path).text
