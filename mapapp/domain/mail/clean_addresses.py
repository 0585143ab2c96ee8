"""What an email address is here: something that mail can be sent to as it stands.

Each address has one spelling, in lower case, by which it is compared, counted and stored. What is
taken for one, mended or refused depends on the text alone, so it tells nothing about anybody.
"""

import unicodedata

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from mapapp.errors import N_, Words

NOT_AN_ADDRESS = N_(
    "Mail cannot be sent to this address. Look for a space, a comma or a missing part: an address "
    "looks like name@example.org."
)
FOREIGN_LETTERS = N_(
    "Mail cannot be sent from here to an address with letters such as “ä” before the @. Use "
    "another address, if you have one."
)
LONGEST_ADDRESS = 254
LONGEST_COPIED = 400  # characters; more is not looked at
MAILTO = "mailto:"
ENCODED_WORD = "=?"
"""The beginning of an encoded word (RFC 2047). Mail programs would read one address and we another,
so that one mailbox had many addresses, some of them with line breaks inside."""

UNSEEN = {ord(letter): None for letter in "\u00ad\u061c\u180e\u200b\u200c\u200d\u2060\ufeff"}
UNSEEN |= dict.fromkeys((*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Characters without width that a copied address may carry: marks of direction, soft hyphens."""


def clean_address(text: str) -> str | None:
    """Return the address that ``text`` stands for in its one spelling, or None if it is none.

    What comes along when an address is copied is taken off: ``mailto:``, angle brackets, unseen
    characters, the full stop or comma after it. An international domain keeps its own letters.
    """
    found = _validated(_mended(text))
    return found.normalized.lower() if found else None


def why_not(text: str) -> Words:
    """Return what to tell the writer of a text that is no address."""
    name = _mended(text).rpartition("@")[0]
    return NOT_AN_ADDRESS if name.isascii() else FOREIGN_LETTERS


def ascii_address(address: str) -> str | None:
    """Return an address as mail servers take it; None if it cannot be sent unchanged."""
    found = _validated(address)
    return found.ascii_email if found else None


def _mended(text: str) -> str:
    # Japanese keyboards type wide letters, which this makes narrow.
    seen = unicodedata.normalize("NFKC", text[:LONGEST_COPIED].translate(UNSEEN)).strip()
    if seen.endswith(">"):
        seen = seen[:-1].rpartition("<")[2]
    if seen[: len(MAILTO)].lower() == MAILTO:
        seen = seen[len(MAILTO) :].partition("?")[0]
    return seen.strip().rstrip(".,;").rstrip()


def _validated(address: str) -> ValidatedEmail | None:
    if len(address) > LONGEST_ADDRESS or ENCODED_WORD in address:
        return None
    try:
        return validate_email(
            address, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        return None
