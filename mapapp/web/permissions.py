"""Who may open which page, as one table; ``access`` holds every request to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Access:
    """What somebody needs who opens a page."""

    signed_in: bool = False
    roles: frozenset[str] = frozenset()
    """Staff roles, of which one is needed, and a second proof: a mailbox alone opens no page of
    staff. Empty: no role is needed."""
    suspended: bool = False
    """Whether it opens to members whom moderators have suspended, too."""
    back: str = ""
    """Where members go on who have a second factor and must show it first; '' if they need not."""


EVERYONE = Access()
MEMBER = Access(signed_in=True)
OWNER = Access(signed_in=True, suspended=True)
"""For whose account it is, also when it is suspended: to read why, appeal, take all and leave."""
MODERATOR = Access(signed_in=True, roles=frozenset({"moderator", "admin"}))
ADMIN = Access(signed_in=True, roles=frozenset({"admin"}))


def proven(back: str) -> Access:
    """Return the access of members who, if they have a second factor, showed it just now.

    Args:
        back: the endpoint of the page on which they go on after showing it.
    """
    return Access(signed_in=True, back=back)


TABLE: dict[str, Access] = {
    # one's account: what it holds, hiding, pausing, leaving
    "account.data": OWNER,
    "account.data_file": OWNER,
    "account.end_pause": MEMBER,
    "account.erase": OWNER,
    "account.erased": EVERYONE,  # who reads it has no account any more
    "account.hide_now": MEMBER,
    "account.home": MEMBER,
    "account.pause": MEMBER,
    "account.show_again": MEMBER,
    # where one is signed in
    "account_sessions.end_all": MEMBER,
    "account_sessions.end_one": MEMBER,
    "account_sessions.end_others": MEMBER,
    "account_sessions.index": MEMBER,
    # signing in and out
    "accounts.code": EVERYONE,
    "accounts.link": EVERYONE,
    "accounts.sign_in": EVERYONE,
    "accounts.sign_out": EVERYONE,
    "accounts.use_link": EVERYONE,
    # looking after the site
    "admin.add_condition": ADMIN,
    "admin.conditions": ADMIN,
    "admin.edit_condition": ADMIN,
    "admin.export_codebook": ADMIN,
    "admin.export_file": ADMIN,
    "admin.export_page": ADMIN,
    "admin.home": ADMIN,
    "admin.make_export": ADMIN,
    "admin.retry_mail": ADMIN,
    # numbers for programs
    "api.area": EVERYONE,
    "api.counts": EVERYONE,
    # an area and its people
    "areas.show": EVERYONE,
    # scripts, styles, icons
    "assets.serve": EVERYONE,
    # people one cares for
    "cared_for.index": MEMBER,
    "cared_for.keep": MEMBER,
    "cared_for.place": MEMBER,
    "cared_for.remove": MEMBER,
    # conditions and searching them
    "conditions.index": EVERYONE,
    "conditions.show": EVERYONE,
    # contact requests and blocks
    "connect.accept": MEMBER,
    "connect.ask": MEMBER,
    "connect.block": MEMBER,
    "connect.decline": MEMBER,
    "connect.decline_and_block": MEMBER,
    "connect.inbox": MEMBER,
    "connect.later": MEMBER,
    "connect.my_blocks": MEMBER,
    "connect.put_away": MEMBER,
    "connect.unblock": MEMBER,
    # conversations
    "conversations.block": MEMBER,
    "conversations.leave": MEMBER,
    "conversations.link": MEMBER,
    "conversations.search": MEMBER,
    "conversations.show": MEMBER,
    "conversations.take_back": MEMBER,
    "conversations.write": MEMBER,
    # what one agreed to
    "consent.agree": MEMBER,
    "consent.agree_all": MEMBER,
    "consent.overview": MEMBER,
    "consent.show": MEMBER,
    "consent.take_back": MEMBER,
    # mail of a development site; elsewhere there is no such page
    "dev_mail.index": EVERYONE,
    # what is new, for feed readers
    "feeds.condition": EVERYONE,
    # what the editors answer
    "editorial.condition": MODERATOR,
    "editorial.edit": MODERATOR,
    "editorial.hide": MODERATOR,
    "editorial.index": MODERATOR,
    "editorial.show": MODERATOR,
    "editorial.take": MODERATOR,
    "editorial.versions": MODERATOR,
    # outlines for the map
    "geo.boxes": EVERYONE,
    "geo.countries": EVERYONE,
    "geo.names": EVERYONE,
    "geo.regions": EVERYONE,
    "geo.zones": EVERYONE,
    # for whoever runs the site
    "health.alive": EVERYONE,
    "health.ready": EVERYONE,
    # the map as a picture or a file
    "map_files.everywhere": EVERYONE,
    "map_files.page": EVERYONE,
    "map_files.picture": EVERYONE,
    # the map
    "maps.people": EVERYONE,
    "maps.set_up": EVERYONE,
    "maps.show": EVERYONE,
    # one's places and profile
    "members.change_visibility": MEMBER,
    "members.place": MEMBER,
    "members.places": MEMBER,
    "members.preview": EVERYONE,
    "members.profile": MEMBER,
    "members.remove": MEMBER,
    "members.stop_telling": MEMBER,
    "members.tell_me": MEMBER,
    # what members write for everybody
    "posts.change": MEMBER,
    "posts.delete": MEMBER,
    "posts.mine": MEMBER,
    "posts.versions": EVERYONE,
    "posts.vote": MEMBER,
    # questions and their answers
    "questions.answers": EVERYONE,
    "questions.ask": MEMBER,
    "questions.index": EVERYONE,
    "questions.search": EVERYONE,
    "questions.show": EVERYONE,
    "questions.take": MEMBER,
    "questions.write": MEMBER,
    # stories
    "stories.index": EVERYONE,
    "stories.show": EVERYONE,
    "stories.write": MEMBER,
    # what people tried, and how it went
    "treatments.propose": MEMBER,
    "treatments.record": MEMBER,
    "treatments.remove": MEMBER,
    "treatments.show": EVERYONE,
    # who is near
    "nearby.show": EVERYONE,
    # cases, for moderators
    "moderation.case": MODERATOR,
    "moderation.close": MODERATOR,
    "moderation.decide": MODERATOR,
    "moderation.give_back": MODERATOR,
    "moderation.queue": MODERATOR,
    "moderation.take": MODERATOR,
    # words about the site
    "pages.away": EVERYONE,
    "pages.credits": EVERYONE,
    "pages.home": EVERYONE,
    "pages.how_we_count": EVERYONE,
    "pages.privacy": EVERYONE,
    # signing in by passkey, and one's own
    "passkeys.add": proven("passkeys.index"),
    "passkeys.entry_options": EVERYONE,
    "passkeys.index": MEMBER,
    "passkeys.new_options": proven("passkeys.index"),
    "passkeys.remove": proven("passkeys.index"),
    "passkeys.use_passkey": EVERYONE,
    # reporting something to the moderators
    "reports.block": MEMBER,
    "reports.report": MEMBER,
    "reports.thanks": MEMBER,
    # what moderators decided about oneself
    "rulings.appeal": OWNER,
    "rulings.show": OWNER,
    # what search engines are told
    "search_engines.robots": EVERYONE,
    "search_engines.sitemap": EVERYONE,
    "search_engines.sitemaps": EVERYONE,
    # the second step
    "second_factor.authenticator": MEMBER,
    "second_factor.remove_authenticator": proven("second_factor.authenticator"),
    "second_factor.second_step": MEMBER,
    "second_factor.set_up": proven("second_factor.authenticator"),
    "second_factor.step_options": MEMBER,
    "second_factor.step_passkey": MEMBER,
    # the yearly question
    "still_right.answer": EVERYONE,  # whoever has the mail has the address
    "still_right.answer_here": MEMBER,
    "still_right.ask": EVERYONE,
    # while one types
    "suggest.conditions": EVERYONE,
    "suggest.towns": EVERYONE,
    # what one would like to be asked, and people who listen
    "helplines.show": MEMBER,
    "wishes.show": MEMBER,
}
"""Every endpoint. A view alone opens nothing: the site does not start without its line here."""
