"""Which names people can have: whole families of hostile ones, and real ones of many scripts."""

import random
import string
import unicodedata

import pytest
from confusable_homoglyphs.confusables import confusables_data
from hypothesis import assume, given
from hypothesis import strategies as st

from mapapp.domain.core.visible_text import is_invisible
from mapapp.domain.members.deceiving_names import REFUSALS, TITLES_FILE, load_titles, sounds_like
from mapapp.domain.members.pseudonyms import FIRST, SECOND, clean_pseudonym, suggest_pseudonym
from mapapp.domain.safety.hold_rules import load_words
from mapapp.errors import BadInputError

SITE = "Condition Map"
TAKEN = """
李|Ng|Zoë|محمد|नीरजा|Nguyễn|O'Brien|Müller-Lüdenscheidt|🦊 Fox|نی‌لبک|静かな川
Robin 1970|Robin|Рома|Ольга|Γιώργος|Μαρία|שָׁלוֹם|สมชาย|ศิริพร|தமிழ்|தங்கம்|ශ්‍රී|শ্রী
김민수|さくら|Ólafur|Þór|Łukasz|Søren|Ẹ̀gbọ́n|Ọláolúwa|D'Angelo|Jean-Luc|Md Karim
St. John|J.R.R. Tolkien|Anne-Marie|Ngũgĩ|Ŋaałʼįįhí|Sister Fox|Model Ship|Modest Otter
Supporting Wren|Badminton Fan|Admiral|Mary Baker|Scunthorpe Star|Dickens Fan|Cassandra
Essex Girl|Bass Player|👩‍🦽 Ana|❤️ Ana|Ana 👍🏽|1️⃣ Ana|Ana2|Tanja 42|Iris I|Ill Will
Dana do Vale|Profound Otter|Druid|Drake|Medina|Teamwork|Steam|Therapy cat|Татьяна|Сергей
Наталья|Çağla|İpek|Ömer|Şule|Đặng Thị Hà|ნინო|Արմեն|አበበ|မောင်|ខ្មែរ|ལྷ་མོ|ᐃᓄᒃ|ᏣᎳᎩ|ߒߞߏ
Marcus Aurelius|Fuchs|Nursery Rhyme|Analysis|Prague|Cat Owner|Signal Fox|Snap Dragon|Line 7
Matrix Fan|Someone Else 12345|Nine Lives|Insider|Wiser|Konrad|Safety First|Building Site|Anna 2 of 4
"""
REFUSED = """
ㅤ|ᅟ|ﾠ|⠀|a⠀b|Сondition Map team|Condition Map|C0ndition-Map|Moderator
ｍｏｄｅｒａｔｏｒ|𝓜𝓸𝓭𝓮𝓻𝓪𝓽𝓸𝓻|M o d e r a t o r|M.o.d.|M0d3rat0r|Mödérâtör|🅼🅾🅳🅴🆁🅰🆃🅾🆁
ᴍᴏᴅᴇʀᴀᴛᴏʀ|🇲 🇴 🇩|Ⓐⓓⓜⓘⓝ|rnoderator|Αdmin|Dr. Smith, MD|Dr Fox|Ḋr. Fox|Smith MD|Prof. X
Nurse Joy|Ärztin Eva|visit evil.xyz|evil。xyz|bob at gmail com|bob gmail
find me on whatsapp|+49 170 123 45 67|O17O 123456|0-1_7-0 1 2 3|call 0123456789
You idiot|F u c k you|Fսck|find me at foo.com|bob AT proton dot me|Staff|support team
Модератор|Модeратор|医生|운영자|مشرف|मॉडरेटर|Hіtler|12 34|…!|robin＠example
robin (at) example|www.example|https://a.b|０１２３４５６７|robin@example.org
Verified Member|✓ Verified|Site owner|Owner|Founder|Trust & Safety|Safety Officer|Help desk
SuperAdmin|Editor|Editors|Redakteur|Редакция|Moderación|Moderazione|Website|This site
facebook olive|fb olive|insta carl99|IG: olive|snap olive99|Discord Olive|signal: olive|kik me
tiktok olive|matrix olive_7|u/olive|olive#1234|oliveATgmail|olive,com|4 9 1 7 0 a 1 2 3 4
one7zero12three45|Ana 12-34 5 Six|f a c e b o o k olive
Adviser|Advisor Wren|A d v i s e r|TheAdviser|Advisers|Аdviser|Beraterin|Conseillère|Consejero
Consigliere|Conselheira|Adviseur|Doradca|Советник|مستشار|सलाहकार|顾问|アドバイザー|상담사
"""
UNSEEN = [chr(c) for c in range(0x110000) if is_invisible(f"Ro{chr(c)}bin", 2)]
MARKS = [chr(c) for c in (*range(0x300, 0x34F), *range(0x483, 0x488), *range(0x1DC0, 0x1DF6))]
STYLES = [0x1D400, 0x1D434, 0x1D468, 0x1D4D0, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D670, 0x1F130]
KINDS = tuple(kind for kind in REFUSALS if kind != "site")


def _names(lines: str) -> list[str]:
    return [name for line in lines.split("\n") for name in line.split("|") if name]


def _is_refused(name: str) -> bool:
    try:
        clean_pseudonym(name, SITE)
    except BadInputError:
        return True
    return False


def test_every_suggestion_can_be_taken() -> None:
    names = [f"{first} {second}" for first in FIRST for second in SECOND]
    assert len(names) > 1900
    assert [name for name in names if _is_refused(name)] == []
    assert suggest_pseudonym(random.Random(1)) in names


@pytest.mark.parametrize("name", _names(TAKEN))
def test_names_of_all_scripts_are_taken(name: str) -> None:
    assert not _is_refused(name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Quiet   Heron ", "Quiet Heron"), ("Ｗｉｌｄ Fox", "Wild Fox"), ("Zoe\u0308", "Zoë")],
)
def test_names_are_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert clean_pseudonym(typed, SITE) == kept


@pytest.mark.parametrize("name", ["", "x" * 41, *_names(REFUSED)])
def test_names_that_tell_or_deceive_are_refused(name: str) -> None:
    assert _is_refused(name)


@given(st.sampled_from(_names(TAKEN)), st.sampled_from(UNSEEN), st.data())
def test_nothing_hides_in_a_name(name: str, unseen: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name)))
    made = name[:at] + unseen + name[at:]
    if made.strip() != made or unseen.isspace():
        return  # spaces at the ends are cut off, and none of them hides
    seen = [i for i, c in enumerate(made) if c == unseen]
    if any(is_invisible(made, i) for i in seen):
        assert _is_refused(made)


@given(st.sampled_from("aMsРγ"), st.lists(st.sampled_from(MARKS), min_size=5, max_size=39))
def test_marks_cannot_be_heaped(letter: str, marks: list[str]) -> None:
    assert _is_refused(letter + "".join(marks))


def _written_otherwise(title: str, draw: st.DrawFn) -> str:
    """Return a title as somebody writes it who wants to be taken for it."""
    how = draw(st.sampled_from(["twins", "style", "wide", "marks", "spaced", "case", "figures"]))
    if how == "twins":
        return "".join(draw(st.sampled_from([c, *_twins_of(c)])) for c in title)
    if how == "style":
        start = draw(st.sampled_from(STYLES))
        return "".join(chr(start + ord(c.upper()) - 65) if c.isalpha() else c for c in title)
    if how == "wide":
        return "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in title)
    if how == "marks":
        return "".join(c + draw(st.sampled_from(["", "\u0301", "\u0323"])) for c in title)
    if how == "spaced":
        return draw(st.sampled_from([" ", ".", "-", " * "])).join(title)
    if how == "case":
        return "".join(draw(st.sampled_from([c, c.upper()])) for c in title)
    return title.translate(str.maketrans("oieast", "013457"))


def _twins_of(letter: str) -> list[str]:
    """Return the single letters that Unicode says are confused with one."""
    twins = [twin["c"] for twin in confusables_data.get(letter, ())]
    return [twin for twin in twins if len(twin) == 1 and twin.isalpha() and _is_kept(twin)]


def _is_kept(letter: str) -> bool:
    """Whether a name is stored with it; others are read as what they become."""
    return unicodedata.normalize("NFKC", letter) == letter


@st.composite
def hostile_titles(draw: st.DrawFn) -> str:
    words = ["moderator", "administrator", "admin", "staff", "support", "doctor", "professor"]
    words += ["psychologist", "surgeon", "idiot", "bastard", "condition map", "nurse", "webmaster"]
    title = _written_otherwise(draw(st.sampled_from(words)), draw)
    frame = draw(st.sampled_from(["%s", "%s Ana", "Ana %s", "the %s", "★ %s ★"]))
    made = frame % title
    assume(len(made) <= 40)
    return made


@given(hostile_titles())
def test_titles_are_refused_however_they_are_written(name: str) -> None:
    assert _is_refused(name), (name, ascii(name))


@given(
    st.text(string.ascii_lowercase, min_size=3, max_size=8),
    st.sampled_from(sorted(top for top, is_word in load_words().tops.items() if not is_word)),
    st.sampled_from(
        ["%s.%s", "visit %s.%s", "%s . %s", "http://%s.%s", "x@%s.%s", "me at %s dot %s"]
    ),
)
def test_no_name_is_an_address(name: str, top: str, frame: str) -> None:
    assume(not frame.startswith("%s . "))
    assert _is_refused(frame % (name, top))


@given(
    st.text("0123456789", min_size=6, max_size=12),
    st.sampled_from(["", " ", "-", ".", "/", "_", " (", "*", "·"]),
    st.sampled_from(["%s", "call %s", "Ana %s"]),
)
def test_no_name_is_a_telephone_number(number: str, between: str, frame: str) -> None:
    made = frame % between.join(number)
    assume(len(made) <= 40)
    assert _is_refused(made)


def test_every_word_of_the_list_counts() -> None:
    assert set(load_titles(TITLES_FILE)) == set(KINDS)
    assert sounds_like("Moderator", "") == "staff"
    assert sounds_like("Dr. Fox", "") == "profession"
    assert sounds_like("You idiot", "") == "insult"
    assert sounds_like("Dystonia Worldwide team", "Dystonia worldwide") == "site"
