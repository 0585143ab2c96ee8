"""Reading what addresses and forms carry; whatever is odd is refused in words."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _

from mapapp.errors import BadInputError

LONGEST_QUERY = 100


def page_number(args: Mapping[str, str]) -> int:
    """Return the number of the page that is asked for; the first where none is.

    Raises:
        BadInputError: for anything but a small whole number from 1.
    """
    return whole_number(args.get("page") or "1", _("There is no page with that number."))


def whole_number(text: str, refusal: str) -> int:
    """Return ``text`` as a number of up to nine digits.

    Raises:
        BadInputError: with the words ``refusal``, for anything else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadInputError(refusal)
    return int(text)


def typed_text(args: Mapping[str, str], name: str) -> str:
    """Return what was typed into a search field, trimmed.

    Raises:
        BadInputError: when it is too long to be a name.
    """
    text = args.get(name, "").strip()
    if len(text) > LONGEST_QUERY:
        raise BadInputError(_("That is too long to search for. Use fewer words."))
    return text


def one_of(text: str, allowed: Collection[str], refusal: str) -> str | None:
    """Return ``text`` where it is among ``allowed``, None where it is empty.

    Raises:
        BadInputError: with the words ``refusal``, for anything else.
    """
    if text and text not in allowed:
        raise BadInputError(refusal)
    return text or None
