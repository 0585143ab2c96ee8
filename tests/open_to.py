"""Which pages open to whom, written once more: see ``tests/web/core/test_access.py``."""


def _names(text: str) -> list[str]:
    return text.split()


FOR_EVERYONE = _names("""
    account.erased account_address.show_undo account_address.undo account_address.undone
    accounts.code accounts.link accounts.sign_in accounts.sign_out accounts.use_link
    api_areas.list_areas api_areas.search_towns api_areas.show_area
    api_conditions.list_conditions api_conditions.show_condition api_conditions.show_family
    api_index.list_operations api_index.show_document api_numbers.list_releases
    api_numbers.show_counts api_numbers.show_statistics api_pages.show_api app_frame.manifest
    app_frame.offline app_frame.worker app_icons.icon areas.show_area assets.serve
    comparing.choose_other comparing.show_both conditions.list_conditions
    conditions.show_condition dev_mail.list_mail feeds.condition_feed geo.boxes geo.countries
    geo.names geo.regions geo.zones health.alive health.ready helplines.show_helplines
    joining.find_place joining.join map_files.everywhere map_files.page map_files.picture
    maps.map_script maps.people_of_area maps.show_map members.preview nearby.look_near
    nearby.show_nearby ogc.definition ogc.list_collections ogc.list_items ogc.schema
    ogc.show_collection ogc.show_conformance ogc.show_item ogc.show_landing pages.away
    pages.credits pages.how_we_count pages.privacy pages.show_home passkeys.entry_options
    passkeys.use_passkey posts.list_post_versions questions.answers questions.list_questions
    questions.search_all_questions questions.show_question search_engines.robots
    search_engines.sitemap search_engines.sitemaps share_files.card share_files.poster
    share_files.site_card sharing.embed sharing.show_ways statistics.show_country
    statistics.show_statistics stories.list_stories stories.show_story
    towns.suggest_towns
    treatments.show_treatments written.forget written.keep yearly_check.answer
    yearly_check.ask_if_right
""")

FOR_MEMBERS = _names("""
    account.begin_discreet account.data account.data_file account.end_discreet account.end_pause
    account.erase account.forget_decades account.hide_now account.pause account.show_account
    account.show_again account.show_waiting account_address.confirm account_address.show_address
    account_address.show_confirm account_sessions.end_all account_sessions.end_one
    account_sessions.end_others account_sessions.list_sessions advising.show_offer
    advising.take_back alerts.show_news alerts.stop_telling alerts.tell_me cared_for.find_place
    cared_for.keep cared_for.list_cared_for cared_for.place_cared_for cared_for.remove_cared_for
    connect.accept connect.ask_for_contact connect.block connect.decline connect.decline_and_block
    connect.inbox connect.later connect.my_blocks connect.put_away connect.unblock connect.withdraw
    consent.agree consent.agree_all consent.overview consent.show_consent consent.take_consent_back
    conversations.block conversations.leave conversations.look_for_words
    conversations.search_messages conversations.show_conversation conversations.take_message_back
    conversations.warn_of_link conversations.write_message decades.show_decades members.find_place
    members.place members.profile passkeys.list_passkeys placed.show_placed places.change_visibility
    places.list_places places.remove_place posts.change posts.delete posts.mine posts.vote
    questions.ask_question questions.open_question questions.write_answer reports.block
    reports.report reports.thanks rulings.appeal rulings.show_rulings second_factor.authenticator
    second_factor.second_step second_factor.step_options second_factor.step_passkey
    several.ask_people stories.write_story treatments.propose treatments.record
    treatments.remove_use wishes.show_wishes written.show yearly_check.answer_here
""")

FOR_MODERATORS = _names("""
    advisers.list_offers advisers.show_offer editorial.edit editorial.edit_answer editorial.hide
    editorial.list_editorial editorial.list_questions editorial.list_versions
    editorial.take_question moderation.add_note moderation.case moderation.choose_mail
    moderation.close moderation.decide moderation.give_back moderation.look_up moderation.queue
    moderation.take_case
""")

FOR_SUSPENDED = _names("""
    account.data account.data_file account.erase account.forget_decades rulings.appeal
    rulings.show_rulings written.show
""")

FOR_ADMINS = _names("""
    admin.add_condition admin.change_role admin.edit_condition admin.list_conditions
    admin.list_staff admin.retry_mail admin.show_statistics staff_exports.export_codebook
    staff_exports.export_file staff_exports.export_page staff_exports.list_exports
    staff_exports.make_export site_statistics.show_site
    webhooks.add_webhook webhooks.delete webhooks.list_webhooks webhooks.pause webhooks.resume
    webhooks.send_test webhooks.show_webhook
""")
