"""What is kept for all readers is kept for each language apart."""

import re

import pytest
from flask import Flask

from tests.languages.conftest import LTR, RTL
from tests.languages.world import Lived

MAP = "/conditions/dystonia/map"
NAMES = {LTR: "Ηνωμένο Βασίλειο", RTL: "المملكة المتحدة"}
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
HEBREW_LETTER = re.compile("[\u05d0-\u05ea]")


@pytest.mark.parametrize("order", [(LTR, RTL, LTR), (RTL, LTR, RTL)])
def test_a_map_is_in_the_language_of_each_who_opens_it(
    foreign: tuple[Flask, Lived], order: tuple[str, ...]
) -> None:
    app, _lived = foreign
    client = app.test_client()
    for language in order:
        headers = {"Accept-Language": language}
        page = client.get(MAP, headers=headers).get_data(as_text=True)
        address = re.search(rf'src="([^"]+/set-up\.{language}\.js)"', page)
        assert address is not None, language
        script = client.get(address[1], headers=headers).get_data(as_text=True)
        script = ESCAPED.sub(lambda found: chr(int(found[1], 16)), script)
        others = [name for other, name in NAMES.items() if other != language]
        for text in (page, script):
            assert NAMES[language] in text
            assert not [name for name in others if name in text]
            assert bool(HEBREW_LETTER.search(text)) == (language == RTL)
