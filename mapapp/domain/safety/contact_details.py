"""Addresses and numbers in a text: mail, web, telephone, bank accounts, purses of crypto money.

Every function takes a text that went through ``unmasking.plain``. The patterns have no nested
repetition over the same characters, so their time grows with the length of the text only.
"""

import re
from collections.abc import Mapping

# Word for @ and for the point, in brackets or between spaces, as people write them for people.
_AT = re.compile(r" ?[(\[{<] ?(?:at|ät|@|arroba|arobase|chiocciola|malpa|собака) ?[)\]}>] ?", re.I)
_DOT = re.compile(
    r" ?[(\[{<] ?(?:dot|point|punkt|punto|ponto|kropka|nokta|точка|\.) ?[)\]}>] ?", re.I
)
_SPELT_DOT = re.compile(r" (?:dot|punkt|punto|ponto|kropka|nokta|точка) (?=[a-z]{2,})", re.I)
_LOOSE_AT = re.compile(r"(?<=\w) ?@ ?(?=\w)")

_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,}")
_HANDLE = re.compile(r"(?<![\w.@])@[A-Za-z0-9_][A-Za-z0-9_.]{2,}")
_ADDRESS = re.compile(r"\b(?:h(?:tt|xx)ps?|ftp) ?: ?/ ?/|\bwww ?\. ?[A-Za-z0-9]", re.I)
_DOMAIN = re.compile(r"(?<![\w@.-])(?:[A-Za-z0-9-]{1,63}\.){1,8}([A-Za-z]{2,12})(?![\w-])(/?)")
_DIGITS = re.compile(r"(?<![\w.,])\+?\(?\d(?:[ ().\-/\u2010-\u2015]{0,3}\d){7,}")
_DATE = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?: \d{3})* 000)")
_UNIT_AFTER = re.compile(
    r" ?(?:%|€|\$|£|₹|(?:mg|g|kg|ml|µg|μg|mcg|iu|ie|ui|usd|eur|people|cells)\b)", re.I
)
_CODE_BEFORE = re.compile(r"(?:pmid|pmcid|isbn|omim|mim|orpha|snomed|mondo|doi|ean)\W{0,3}$", re.I)
FEWEST_DIGITS = 8

_IBAN = re.compile(r"(?<![A-Za-z0-9])(?=([A-Za-z]{2} ?\d ?\d(?:[ .-]?[A-Za-z0-9]){11,32}))")
_PURSES = (
    re.compile(r"(?<![A-Za-z0-9])[13][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])"),
    re.compile(r"(?<![A-Za-z0-9])bc1[02-9ac-hj-np-z]{11,71}(?![A-Za-z0-9])", re.I),
    re.compile(r"(?<![A-Za-z0-9])0x[0-9a-f]{40}(?![A-Za-z0-9])", re.I),
    re.compile(r"(?<![A-Za-z0-9])T[1-9A-HJ-NP-Za-km-z]{33}(?![A-Za-z0-9])"),
)


def _joined(text: str) -> str:
    """Return ``text`` with spelt-out signs of addresses written as signs."""
    text = _SPELT_DOT.sub(".", _DOT.sub(".", _AT.sub("@", text)))
    return _LOOSE_AT.sub("@", text)


def has_mail(text: str) -> bool:
    """Whether there is an email address, even as "name (at) example (dot) org"."""
    return _MAIL.search(_joined(text)) is not None


def has_handle(text: str) -> bool:
    """Whether there is an @name."""
    return _HANDLE.search(text) is not None


def has_web_address(text: str, tops: Mapping[str, bool]) -> bool:
    """Whether there is a URL, or a bare domain under one of the top levels ``tops``.

    ``tops`` tells of each whether it is also a word: "I was tired.In the morning" is no domain.
    """
    if _ADDRESS.search(text):
        return True
    return any(_is_domain(found, tops) for found in _DOMAIN.finditer(_joined(text)))


def _is_domain(found: re.Match[str], tops: Mapping[str, bool]) -> bool:
    top, slash = found.groups()
    is_word = tops.get(top.lower())
    if is_word is None:
        return False
    return bool(slash) or not is_word or bool(top.islower())


def has_telephone_number(text: str) -> bool:
    """Whether there is a number of 8 digits or more that is no date, years, dose or code."""
    return any(_is_telephone_number(text, found) for found in _DIGITS.finditer(text))


def _is_telephone_number(text: str, found: re.Match[str]) -> bool:
    number = found.group()
    undated = _DATE.sub("", number)
    if _digits(undated) < FEWEST_DIGITS:
        return False
    if undated.lstrip(" (").startswith(("+", "0")):
        return True
    if _THOUSANDS.fullmatch(number) or _digits(_YEAR.sub("", undated)) < FEWEST_DIGITS:
        return False
    if _UNIT_AFTER.match(text, found.end()):
        return _digits(number.rpartition(" ")[0]) >= FEWEST_DIGITS
    before = text[max(0, found.start() - 12) : found.start()]
    return not (number.isdecimal() and _CODE_BEFORE.search(before))


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def has_purse(text: str) -> bool:
    """Whether there is an address of a purse for Bitcoin, Ethereum or Tron."""
    return any(_is_random(found) for purse in _PURSES for found in purse.finditer(text))


def _is_random(found: re.Match[str]) -> bool:
    """Whether letters and figures are mixed, as they are in an address but not in a word."""
    address = found.group()
    return any(map(str.isdigit, address[2:])) and any(map(str.isalpha, address[2:]))


def has_iban(text: str, lengths: Mapping[str, int]) -> bool:
    """Whether there is a bank account number of a known length with the right check digits."""
    return any(_is_iban(found.group(1), lengths) for found in _IBAN.finditer(text))


def _is_iban(candidate: str, lengths: Mapping[str, int]) -> bool:
    number = re.sub(r"[ .-]", "", candidate).upper()
    length = lengths.get(number[:2], 0)
    if not length or len(number) < length:
        return False
    moved = number[4:length] + number[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
