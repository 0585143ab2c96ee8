"""E-mail addresses as they are stored: sealed, and found by a keyed hash."""

from collections.abc import Sequence

from mapapp.domain.keyed import keyed_hash, seal, unseal
from mapapp.errors import BadInputError

PURPOSE = "address"


class AddressKeys:
    """The keys of a site: the first one seals, all of them open and find.

    More than one stands here only while addresses change over to a new key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadInputError("There is no key for addresses. Set MAPAPP_ADDRESS_KEY.")
        self._keys = tuple(keys)

    def seal(self, text: str) -> str:
        """Encrypt an address, or a text that holds one."""
        return seal(self._keys[0], PURPOSE, text)

    def unseal(self, sealed: str) -> str:
        """Return what ``seal`` was given.

        Raises:
            BadInputError: when none of the keys fits.
        """
        for key in self._keys:
            try:
                return unseal(key, PURPOSE, sealed)
            except BadInputError:
                continue
        raise BadInputError("An address was sealed with a key that is not set any more.")

    def mark(self, address: str) -> str:
        """Return the keyed hash under which an address is stored."""
        return _mark(self._keys[0], address)

    def marks(self, address: str) -> tuple[str, ...]:
        """Return every hash under which an address may still be stored, the newest first."""
        return tuple(_mark(key, address) for key in self._keys)


def _mark(key: str, address: str) -> str:
    return keyed_hash(key, PURPOSE, address.strip().lower())
