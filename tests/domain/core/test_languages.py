from babel import Locale

from mapapp.domain.core.languages import language_choices, language_codes, language_name


def test_there_are_all_larger_languages_and_no_regions() -> None:
    codes = language_codes()
    assert {"en", "de", "ar", "zh", "sw", "yue", "ta"} <= codes
    assert not {"root", "und"} & codes
    assert all("_" not in code and len(code) <= 3 for code in codes)
    assert len(codes) > 150


def test_names_come_in_the_language_of_the_page_and_in_its_order() -> None:
    assert language_name("de", Locale("fr")) == "allemand"
    assert language_name("xx", Locale("fr")) == "xx"
    english = dict(language_choices("en"))
    assert english["de"] == "German"
    names = [name.casefold() for name in english.values()]
    assert names == sorted(names)
    assert len(english) == len(language_codes())
