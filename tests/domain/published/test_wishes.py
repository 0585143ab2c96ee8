"""Who may ask a member for contact, and about what."""

import pytest

from mapapp.domain.core.choices import REASONS
from mapapp.domain.published.wishes import (
    ANYTHING,
    CARERS_ONLY,
    NOT_NOW,
    SAME_LANGUAGE,
    TOO_FAR,
    Asker,
    Wishes,
    why_not,
)

ASKER = Asker("self", ("de",), 3)


@pytest.mark.parametrize(
    ("wishes", "languages", "asker", "refusal"),
    [
        (ANYTHING, ("fr",), ASKER, ""),
        (Wishes(not_now=True), ("de",), ASKER, NOT_NOW),
        (Wishes(carers_only=True), ("de",), ASKER, CARERS_ONLY),
        (Wishes(carers_only=True), ("de",), Asker("parent", (), 3), ""),
        (Wishes(same_language=True), ("fr", "en"), ASKER, SAME_LANGUAGE),
        (Wishes(same_language=True), ("fr", "de"), ASKER, ""),
        (Wishes(same_language=True), (), ASKER, SAME_LANGUAGE),
        (Wishes(farthest=2), ("de",), ASKER, TOO_FAR),
        (Wishes(farthest=3), ("de",), ASKER, ""),
        (Wishes(farthest=1), ("de",), Asker("self", (), 0), ""),
        (Wishes(carers_only=True, farthest=5), ("de",), ASKER, CARERS_ONLY),
    ],
)
def test_who_fits_may_ask(
    wishes: Wishes, languages: tuple[str, ...], asker: Asker, refusal: str
) -> None:
    assert why_not(wishes, languages, asker) == refusal


def test_without_a_choice_every_reason_is_offered() -> None:
    assert ANYTHING.offered == tuple(REASONS)
    assert Wishes(reasons=("other", "meet")).offered == ("meet", "other")
