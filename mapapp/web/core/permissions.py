"""Who may open which page, as one table; ``access`` holds every request to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Access:
    """What opening a page requires."""

    signed_in: bool = False
    roles: frozenset[str] = frozenset()
    """Staff roles, of which one is needed, and a second proof: a mailbox alone opens no page of
    staff. Empty: no role is needed."""
    suspended: bool = False
    """Whether it also opens to members that moderators have suspended."""
    back: str = ""
    """Where members go on who have a second factor and must show it first; '' if they need not."""
    visitors: str = ""
    """The page that is the same for visitors, where there is one; '': they sign in first."""


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


_OPEN_DATA = (
    "api_areas.list_areas", "api_areas.search_towns", "api_areas.show_area",
    "api_conditions.list_conditions", "api_conditions.show_condition",
    "api_conditions.show_family", "api_index.list_operations", "api_index.show_document",
    "api_numbers.list_releases", "api_numbers.show_counts", "api_numbers.show_statistics",
    "api_pages.show_api", "ogc.definition", "ogc.list_collections", "ogc.list_items",
    "ogc.schema", "ogc.show_collection", "ogc.show_conformance", "ogc.show_item",
    "ogc.show_landing",
)  # fmt: skip
"""What programs of any site may read."""

PERMISSIONS: dict[str, Access] = {
    **dict.fromkeys(_OPEN_DATA, EVERYONE),
    # one's account: what it holds, hiding, pausing, leaving
    "account.begin_discreet": MEMBER,
    "account.data": OWNER,
    "account.data_file": OWNER,
    "account.end_discreet": MEMBER,
    "account.end_pause": MEMBER,
    "account.erase": OWNER,
    "account.erased": EVERYONE,  # who reads it has no account any more
    "account.forget_decades": OWNER,
    "account.hide_now": MEMBER,
    "account.show_account": MEMBER,
    "account.show_waiting": MEMBER,
    "account.pause": MEMBER,
    "account.show_again": MEMBER,
    # the address that one signs in with
    "account_address.change_address": proven("account_address.show_address"),
    "account_address.confirm": MEMBER,
    "account_address.show_address": MEMBER,
    "account_address.show_confirm": MEMBER,
    "account_address.show_undo": EVERYONE,  # the reader of the mail has the address
    "account_address.undo": EVERYONE,
    "account_address.undone": EVERYONE,
    # where one is signed in
    "account_sessions.end_all": MEMBER,
    "account_sessions.end_one": MEMBER,
    "account_sessions.end_others": MEMBER,
    "account_sessions.list_sessions": MEMBER,
    # signing in and out
    "accounts.code": EVERYONE,
    "accounts.link": EVERYONE,
    "accounts.sign_in": EVERYONE,
    "accounts.sign_out": EVERYONE,
    "accounts.use_link": EVERYONE,
    # looking after the site
    "admin.add_condition": ADMIN,
    "admin.list_conditions": ADMIN,
    "admin.list_staff": ADMIN,
    "admin.change_role": ADMIN,
    "admin.edit_condition": ADMIN,
    "admin.show_statistics": ADMIN,
    "admin.retry_mail": ADMIN,
    "staff_exports.export_codebook": ADMIN,
    "staff_exports.export_file": ADMIN,
    "staff_exports.export_page": ADMIN,
    "staff_exports.list_exports": ADMIN,
    "staff_exports.make_export": ADMIN,
    # being told of more people
    "alerts.show_news": MEMBER,
    "alerts.stop_telling": MEMBER,
    "alerts.tell_me": MEMBER,
    # numbers for programs
    # the site as an app
    "app_frame.manifest": EVERYONE,
    "app_frame.offline": EVERYONE,
    "app_frame.worker": EVERYONE,
    "app_icons.icon": EVERYONE,
    # an area and its people
    "areas.show_area": EVERYONE,
    # scripts, styles, icons
    "assets.serve": EVERYONE,
    # people one cares for
    "cared_for.find_place": MEMBER,
    "cared_for.list_cared_for": MEMBER,
    "cared_for.keep": MEMBER,
    "cared_for.place_cared_for": MEMBER,
    "cared_for.remove_cared_for": MEMBER,
    # two maps side by side
    "comparing.choose_other": EVERYONE,
    "comparing.show_both": EVERYONE,
    # conditions and searching them
    "conditions.list_conditions": EVERYONE,
    "conditions.show_condition": EVERYONE,
    # contact requests and blocks
    "connect.accept": MEMBER,
    "connect.ask_for_contact": MEMBER,
    "connect.block": MEMBER,
    "connect.decline": MEMBER,
    "connect.decline_and_block": MEMBER,
    "connect.inbox": MEMBER,
    "connect.later": MEMBER,
    "connect.my_blocks": MEMBER,
    "connect.put_away": MEMBER,
    "connect.unblock": MEMBER,
    "connect.withdraw": MEMBER,
    # conversations
    "conversations.block": MEMBER,
    "conversations.leave": MEMBER,
    "conversations.warn_of_link": MEMBER,
    "conversations.look_for_words": MEMBER,
    "conversations.search_messages": MEMBER,
    "conversations.show_conversation": MEMBER,
    "conversations.take_message_back": MEMBER,
    "conversations.write_message": MEMBER,
    # what one agreed to
    "consent.agree": MEMBER,
    "consent.agree_all": MEMBER,
    "consent.overview": MEMBER,
    "consent.show_consent": MEMBER,
    "consent.take_consent_back": MEMBER,
    # mail of a development site; elsewhere there is no such page
    "dev_mail.list_mail": EVERYONE,
    # what is new, for feed readers
    "feeds.condition_feed": EVERYONE,
    # what the editors answer
    "editorial.list_questions": MODERATOR,
    "editorial.edit": MODERATOR,
    "editorial.hide": MODERATOR,
    "editorial.list_editorial": MODERATOR,
    "editorial.edit_answer": MODERATOR,
    "editorial.take_question": MODERATOR,
    "editorial.list_versions": MODERATOR,
    # outlines for the map
    "geo.boxes": EVERYONE,
    "geo.countries": EVERYONE,
    "geo.names": EVERYONE,
    "geo.regions": EVERYONE,
    "geo.zones": EVERYONE,
    # for the people who run the site
    "health.alive": EVERYONE,
    "health.ready": EVERYONE,
    # the map as a picture or a file
    "map_files.everywhere": EVERYONE,
    "map_files.page": EVERYONE,
    "map_files.picture": EVERYONE,
    # the map
    "maps.people_of_area": EVERYONE,
    "maps.map_script": EVERYONE,
    "maps.show_map": EVERYONE,
    # joining, for people without an account
    "joining.find_place": EVERYONE,
    "joining.join": EVERYONE,
    # one's places and profile
    "places.change_visibility": MEMBER,
    "members.find_place": MEMBER,
    "members.place": Access(signed_in=True, visitors="joining.join"),
    "placed.show_placed": MEMBER,
    "places.list_places": MEMBER,
    "members.preview": EVERYONE,
    "members.profile": MEMBER,
    "places.remove_place": MEMBER,
    # what members write for everyone
    "posts.change": MEMBER,
    "posts.delete": MEMBER,
    "posts.mine": MEMBER,
    "posts.list_post_versions": EVERYONE,
    "posts.vote": MEMBER,
    # questions and their answers
    "questions.answers": EVERYONE,
    "questions.ask_question": MEMBER,
    "questions.list_questions": EVERYONE,
    "questions.search_all_questions": EVERYONE,
    "questions.show_question": EVERYONE,
    "questions.open_question": MEMBER,
    "questions.write_answer": MEMBER,
    # showing the map to others
    "share_files.card": EVERYONE,
    "share_files.poster": EVERYONE,
    "share_files.site_card": EVERYONE,
    "sharing.embed": EVERYONE,
    "sharing.show_ways": EVERYONE,
    # the numbers of a condition
    "site_statistics.show_site": ADMIN,
    "statistics.show_country": EVERYONE,
    "statistics.show_statistics": EVERYONE,
    # stories
    "stories.list_stories": EVERYONE,
    "stories.show_story": EVERYONE,
    "stories.write_story": MEMBER,
    # what people tried, and how it went
    "treatments.propose": MEMBER,
    "treatments.record": MEMBER,
    "treatments.remove_use": MEMBER,
    "treatments.show_treatments": EVERYONE,
    # who is near
    "nearby.look_near": EVERYONE,
    "nearby.show_nearby": EVERYONE,
    # offers to help newcomers
    "advising.show_offer": MEMBER,
    "advising.take_back": MEMBER,
    "decades.show_decades": MEMBER,
    "advisers.list_offers": MODERATOR,
    "advisers.show_offer": MODERATOR,
    # cases, for moderators
    "moderation.add_note": MODERATOR,
    "moderation.case": MODERATOR,
    "moderation.choose_mail": MODERATOR,
    "moderation.close": MODERATOR,
    "moderation.decide": MODERATOR,
    "moderation.give_back": MODERATOR,
    "moderation.look_up": MODERATOR,
    "moderation.queue": MODERATOR,
    "moderation.take_case": MODERATOR,
    # words about the site
    "pages.away": EVERYONE,
    "pages.credits": EVERYONE,
    "pages.show_home": EVERYONE,
    "pages.how_we_count": EVERYONE,
    "pages.privacy": EVERYONE,
    # signing in by passkey, and one's own
    "passkeys.add_passkey": proven("passkeys.list_passkeys"),
    "passkeys.entry_options": EVERYONE,
    "passkeys.list_passkeys": MEMBER,
    "passkeys.new_options": proven("passkeys.list_passkeys"),
    "passkeys.remove_passkey": proven("passkeys.list_passkeys"),
    "passkeys.use_passkey": EVERYONE,
    # reporting something to the moderators
    "reports.block": MEMBER,
    "reports.report": MEMBER,
    "reports.thanks": MEMBER,
    # what moderators decided about oneself
    "rulings.appeal": OWNER,
    "rulings.show_rulings": OWNER,
    # what search engines are told
    "search_engines.robots": EVERYONE,
    "search_engines.sitemap": EVERYONE,
    "search_engines.sitemaps": EVERYONE,
    # the second step
    "second_factor.authenticator": MEMBER,
    "second_factor.remove_authenticator": proven("second_factor.authenticator"),
    "second_factor.second_step": MEMBER,
    "second_factor.set_up_authenticator": proven("second_factor.authenticator"),
    "second_factor.step_options": MEMBER,
    "second_factor.step_passkey": MEMBER,
    # the yearly question
    "yearly_check.answer": EVERYONE,  # the reader of the mail has the address
    "yearly_check.answer_here": MEMBER,
    "yearly_check.ask_if_right": EVERYONE,
    # while one types
    "towns.suggest_towns": EVERYONE,
    # other programs that are told numbers
    "webhooks.add_webhook": ADMIN,
    "webhooks.delete": ADMIN,
    "webhooks.list_webhooks": ADMIN,
    "webhooks.pause": ADMIN,
    "webhooks.resume": ADMIN,
    "webhooks.send_test": ADMIN,
    "webhooks.show_webhook": ADMIN,
    # what one would like to be asked, and people who listen
    "helplines.show_helplines": EVERYONE,
    "several.ask_people": MEMBER,
    "wishes.show_wishes": MEMBER,
    # what was written and could not be sent
    "written.forget": EVERYONE,
    "written.keep": EVERYONE,
    "written.show": OWNER,
}
"""Every endpoint. A view alone opens nothing: the site does not start without its line here."""
