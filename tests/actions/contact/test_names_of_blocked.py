"""Blockers never see a new pseudonym: the list of blocks shows the one from that time."""

import pytest

from mapapp.actions.account.my_data import my_data
from mapapp.actions.contact.block_member import my_blocks
from mapapp.actions.core.context import Context
from mapapp.store.members import Member
from tests.moderation import AREAS, Site


@pytest.fixture
def wren(site: Site) -> Member:
    return site.somebody(pseudonym="Wren")


@pytest.fixture
def robin(site: Site) -> Member:
    return site.somebody(pseudonym="Robin")


def _names(site: Site, who: Member) -> list[str]:
    site.session.expire_all()
    held = my_data(Context(site.session, site.settings, AREAS), who.id)["blocked"]
    found = [b.pseudonym for b in my_blocks(site.session, who.id)]
    assert [one["pseudonym"] for one in held] == found
    return found


def _rename(site: Site, who: Member, name: str) -> None:
    who.pseudonym = name
    site.place(who, "members")


def test_a_block_keeps_the_name_from_then(site: Site, wren: Member, robin: Member) -> None:
    site.block(robin, wren)
    _rename(site, wren, "You will be sorry")
    assert _names(site, robin) == ["Wren"]
    site.unblock(robin, wren)
    site.block(robin, wren)
    assert _names(site, robin) == ["You will be sorry"]


def test_a_name_that_moderators_remove_goes_there_too(
    site: Site, wren: Member, robin: Member
) -> None:
    site.block(robin, wren)
    site.report(site.somebody(), wren)
    site.settle(site.moderator(), "remove")
    assert _names(site, robin) == [""]
