"""The link in the mails of the yearly question: whose it is, and how long it answers."""

from datetime import date, timedelta

import pytest

from mapapp.domain.core.keyed_hash import seal
from mapapp.errors import BadInputError
from tests.mail import waiting_mail
from tests.yearly import ASKING, BEGINS, WREN, Year


def test_each_link_of_a_question_leads_to_its_member_until_it_is_answered(year: Year) -> None:
    tokens = []
    for days in BEGINS.values():
        year.ask(ASKING + timedelta(days))
        tokens.append(year.token())
    assert [year.whose(token) for token in tokens] == [year.wren.id] * 4
    year.answer(ASKING + timedelta(400))
    for token in tokens:
        with pytest.raises(BadInputError, match="already been answered"):
            year.whose(token)


def test_last_years_link_does_not_answer_this_years_question(year: Year) -> None:
    year.ask(ASKING)
    old = year.token()
    year.answer(ASKING)
    year.ask(date(2027, 11, 1))
    assert year.whose(year.token()) == year.wren.id
    with pytest.raises(BadInputError, match="already been answered"):
        year.whose(old)


@pytest.mark.both
def test_a_link_is_its_members_alone_and_holds_nothing_readable(year: Year) -> None:
    robin = year.member(email="robin@example.org", confirmed="2025-11")
    year.ask(ASKING)
    mails = waiting_mail(year.session, year.settings)
    tokens = {m.to: m.body.partition("/still-right/")[2].split()[0] for m in mails}
    assert year.whose(tokens[WREN]) == year.wren.id
    assert year.whose(tokens["robin@example.org"]) == robin.id
    year.answer(ASKING)
    assert year.whose(tokens["robin@example.org"]) == robin.id
    assert year.wren.account_id not in tokens[WREN]


def _damaged(token: str) -> list[str]:
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    cut = [token[:-4], token[:middle], token[:1], token[4:]]
    return [
        *cut,
        "",
        " ",
        token[:middle] + other + token[middle + 1 :],
        token.swapcase(),
        "ü",
        "%00",
    ]


def test_forged_and_damaged_links_are_refused(year: Year) -> None:
    year.ask(ASKING)
    token = year.token()
    for wrong in _damaged(token):
        with pytest.raises(BadInputError):
            year.whose(wrong)
    assert year.whose(token) == year.wren.id


@pytest.mark.parametrize("inside", ["[]", "{}", '["a"]', '["a", "b", "c"]', "no json"])
def test_what_another_part_of_the_site_sealed_is_no_link(year: Year, inside: str) -> None:
    year.ask(ASKING)
    held = f'["{year.wren.account_id}", "2025-11"]'
    for purpose, text in (("sign-in", held), ("address", held), ("still-right", inside)):
        with pytest.raises(BadInputError):
            year.whose(seal(year.settings.secret, purpose, text))
    with pytest.raises(BadInputError):
        year.whose(seal("a key of somebody else, long enough to be one", "still-right", held))


def test_a_link_of_somebody_who_left_leads_nowhere(year: Year) -> None:
    year.until("last")
    token = year.token()
    for day in (396, 425):
        year.ask(ASKING + timedelta(day))
    assert not year.is_there
    with pytest.raises(BadInputError):
        year.whose(token)
