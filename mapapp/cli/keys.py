"""Changing the key under which e-mail addresses are sealed."""

import secrets

import click

from mapapp.actions.addresses import change_key
from mapapp.cli.tools import Command, number_of, open_site, progress
from mapapp.domain.addresses import AddressKeys
from mapapp.errors import BadInputError
from mapapp.settings import keep_address_keys, load_settings

HOW = (
    "Set MAPAPP_ADDRESS_KEY to the new key and MAPAPP_OLD_ADDRESS_KEYS to the one before, for all "
    "processes of the site, and call this again."
)


@click.group()
def addresses() -> None:
    """Look after the members' e-mail addresses."""


@addresses.command("change-key", cls=Command)
def addresses_change_key() -> None:
    """Seal every e-mail address with a new key.

    A key kept in the instance folder is replaced by a fresh one. A key that you set yourself comes
    from MAPAPP_ADDRESS_KEY, the one before it from MAPAPP_OLD_ADDRESS_KEYS. The site may run on.
    """
    with open_site(write=False):
        pass  # a site that is not there must not get a key first
    settings = load_settings()
    keys = settings.address_keys
    if settings.address_key and len(keys) == 1:
        raise BadInputError(f"There is no older key. {HOW}")
    if not settings.address_key:
        keys = (secrets.token_urlsafe(48), *keys)
        keep_address_keys(settings, keys)  # from now on every process knows both
    with open_site() as (_settings, session), progress("Sealing"):
        sealed = number_of(change_key(session, AddressKeys(keys)), "address", "addresses")
    if settings.address_key:
        click.echo(f"Sealed {sealed}. MAPAPP_OLD_ADDRESS_KEYS is not needed any more.")
    else:
        keep_address_keys(settings, keys[:1])
        click.echo(f"Sealed {sealed} with a new key: {settings.address_key_file}")
