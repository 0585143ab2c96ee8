"""Changing the key that encrypts email addresses."""

import secrets

from mapapp.actions.mail.member_addresses import change_key
from mapapp.cli.progress import progress
from mapapp.cli.tools import open_site, say
from mapapp.domain.mail.sealed_addresses import AddressKeys
from mapapp.errors import N_, BadInputError, Nn_
from mapapp.settings import keep_address_keys, load_settings

SEALED = Nn_(
    "Encrypted %(n)s address. MAPAPP_OLD_ADDRESS_KEYS is no longer needed.",
    "Encrypted %(n)s addresses. MAPAPP_OLD_ADDRESS_KEYS is no longer needed.",
)
SEALED_ANEW = Nn_(
    "Encrypted %(n)s address with a new key: %(file)s",
    "Encrypted %(n)s addresses with a new key: %(file)s",
)
NO_OLDER_KEY = N_(
    "There is no older key. Set MAPAPP_ADDRESS_KEY to the new key and "
    "MAPAPP_OLD_ADDRESS_KEYS to the previous one, for all processes of the site, then run "
    "this again."
)


def change_address_key() -> None:
    """Encrypt every email address with a new key."""
    with open_site(write=False):
        pass  # no key is made for a site that does not exist
    settings = load_settings()
    keys = settings.address_keys
    if settings.address_key and len(keys) == 1:
        raise BadInputError(NO_OLDER_KEY)
    if not settings.address_key:
        keys = (secrets.token_urlsafe(48), *keys)
        keep_address_keys(settings, keys)  # from now on every process has both
    with open_site() as (_settings, session), progress(N_("Encrypting")):
        sealed = change_key(session, AddressKeys(keys))
    if settings.address_key:
        say(SEALED, n=sealed)
    else:
        keep_address_keys(settings, keys[:1])
        say(SEALED_ANEW, n=sealed, file=settings.address_key_file)
