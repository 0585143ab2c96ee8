"""Reading what addresses and forms carry; whatever is odd is refused in words."""

from collections.abc import Callable, Collection, Mapping

from wtforms import Field, Form, ValidationError

from mapapp.errors import N_, BadInputError, Words
from mapapp.web.core.locale import translated

LONGEST_TYPED = 100


def whole_number(text: str, refusal: Words) -> int:
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
    if len(text) > LONGEST_TYPED:
        raise BadInputError(N_("That is too long to search for. Use fewer words."))
    return text


def one_of(text: str, allowed: Collection[str], refusal: Words) -> str | None:
    """Return ``text`` where it is among ``allowed``, None where it is empty.

    Raises:
        BadInputError: with the words ``refusal``, for anything else.
    """
    if text and text not in allowed:
        raise BadInputError(refusal)
    return text or None


def fits(check: Callable[[str], object]) -> Callable[[Form, Field], None]:
    """Return a validator: what the act would refuse is said together with all that is wrong."""

    def _fits(_form: Form, field: Field) -> None:
        try:
            check(field.data or "")
        except BadInputError as error:
            raise ValidationError(translated(error)) from error

    return _fits
