"""Email addresses as they are stored: encrypted, and found by a keyed hash."""

from collections.abc import Sequence

from mapapp.domain.core.keyed_hash import keyed_hash, seal, unseal
from mapapp.errors import N_, BadInputError

ADDRESS_PURPOSE = "address"


class AddressKeys:
    """A site's keys: the first encrypts, and all of them decrypt and find addresses.

    There is more than one only while the key is being changed.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadInputError(N_("There is no key for addresses. Set MAPAPP_ADDRESS_KEY."))
        self._keys = tuple(keys)

    def seal(self, text: str) -> str:
        """Encrypt an address, or a text that holds one."""
        return seal(self._keys[0], ADDRESS_PURPOSE, text)

    def unseal(self, sealed: str) -> str:
        """Return what ``seal`` was given.

        Raises:
            BadInputError: when none of the keys fits.
        """
        for key in self._keys:
            try:
                return unseal(key, ADDRESS_PURPOSE, sealed)
            except BadInputError:
                continue
        raise BadInputError(N_("An address was encrypted with a key that is no longer set."))

    def mark(self, address: str) -> str:
        """Return the keyed hash under which an address is stored."""
        return _mark(self._keys[0], address)

    def marks(self, address: str) -> tuple[str, ...]:
        """Return every hash under which an address may be stored, the newest first."""
        return tuple(_mark(key, address) for key in self._keys)


def _mark(key: str, address: str) -> str:
    return keyed_hash(key, ADDRESS_PURPOSE, address.strip().lower())
