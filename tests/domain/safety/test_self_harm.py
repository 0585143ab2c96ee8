"""Who is shown helplines: examples in every language, and figures of speech."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.safety.self_harm import is_about_self_harm, load_words
from mapapp.errors import DataError

SAID = [
    "I want to die",
    "Sometimes I wanna die",
    "I'm going to kill myself",
    "I have been thinking about suicide",
    "i feel suicidal",
    "I want to end it all",
    "I do not want to live any more",
    "I don't want to wake up tomorrow",
    "They would be better off without me",
    "There is nothing to live for",
    "I have been cutting myself again",
    "I hurt myself when it gets too much",
    "self-harm",
    "s u i c i d e",
    "su1c1de",
    "sui\u200bcide",
    "Ich will nicht mehr leben",
    "Ich möchte sterben.",
    "Ich denke an Selbstmord",
    "Ich bringe mich um",
    "Ich ritze mich wieder",
    "Ich wünschte, ich wäre tot",
    "J'ai envie de mourir",
    "Je veux en finir",
    "Je pense au suicide",
    "Je me fais du mal : me faire du mal me calme",
    "Quiero morir",
    "No quiero vivir más",
    "He pensado en suicidarme",
    "Me hago daño",
    "Voglio morire",
    "Penso di farla finita",
    "Mi taglio",
    "Quero morrer",
    "Não quero mais viver",
    "Eu me corto",
    "Ik wil dood",
    "Ik denk aan zelfmoord",
    "Ik wil niet meer leven",
    "Chcę umrzeć",
    "Nie chcę żyć",
    "Myślę o samobójstwie",
    "Ölmek istiyorum",
    "İntihar etmeyi düşünüyorum",
    "Kendime zarar veriyorum",
    "Я хочу умереть",
    "Не хочу жить",
    "Думаю о самоубийстве",
    "أريد أن أموت",
    "أفكر في الانتحار",
    "死にたい",
    "消えたいです",
    "自殺を考えています",
    "मैं मरना चाहता हूँ",
    "आत्महत्या के विचार आते हैं",
    "我想死",
    "我不想活了",
    "我想自杀",
]
NOT_SAID = [
    "",
    "I am dying to meet you!",
    "The suicide gene therapy trial has begun",
    "I am dead tired",
    "We played cards to kill time",
    "This heat is killing me",
    "My phone died",
    "I cut myself shaving",
    "My legs hurt and I want to sleep",
    "I live with it and want to live well",
    "The deadline is near",
    "Ich bin todmüde",
    "Ich lache mich tot",
    "Ich sterbe vor Hunger",
    "Die Zeit totschlagen",
    "Je suis mort de fatigue",
    "Je meurs de faim",
    "Me muero de risa",
    "Muoio di fame",
    "Morro de saudades",
    "Ik ben doodmoe",
    "Umieram z głodu",
    "Açlıktan ölüyorum",
    "Умираю от смеха",
    "أموت من الضحك",
    "死ぬほど眠い",
    "मैं हँसते हँसते मर गया",
    "笑死我了",
    "累死了",
]


@pytest.mark.parametrize("text", SAID)
def test_helplines_are_shown(text: str) -> None:
    assert is_about_self_harm(text)
    assert is_about_self_harm(f"Hello.\n{text.upper()}\nBye")


@pytest.mark.parametrize("text", NOT_SAID)
def test_helplines_are_not_shown(text: str) -> None:
    assert not is_about_self_harm(text)


@given(st.text(max_size=600))
def test_no_text_breaks_it(text: str) -> None:
    assert is_about_self_harm(text) in {True, False}


@pytest.mark.parametrize("text", ["", "= =", "names = 5\nphrases = 5\nunless = 5"])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "self_harm.toml"
    file.write_text(text)
    with pytest.raises(DataError, match=r"self_harm\.toml"):
        load_words(file)
