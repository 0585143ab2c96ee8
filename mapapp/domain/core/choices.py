"""Choices people are offered, each a key that is stored and words that are shown.

The words are marked for translation here and translated where they are shown.
"""

from mapapp.errors import N_

ROLES = {
    "self": N_("I live with it"),
    "parent": N_("I am a parent or carer"),
    "family": N_("I am family or a friend"),
    "clinician": N_("I am a clinician"),
    "researcher": N_("I am a researcher"),
    "organisation": N_("We are an organisation"),
}

ADMIN_ROLE = "admin"
STAFF_ROLE_LABELS = {
    ADMIN_ROLE: N_("admin"),
    "moderator": N_("moderator"),
}

# Nobody checks a profession, so the words say who says so.
ROLE_LABELS = {
    "self": N_("Lives with it"),
    "parent": N_("Parent or carer"),
    "family": N_("Family or friend"),
    "clinician": N_("Says they are a clinician"),
    "researcher": N_("Says they are a researcher"),
    "organisation": N_("Says they are an organisation"),
}

VISIBILITY_WORDS = {
    "map": N_("People on this map: only they see your pseudonym"),
    "members": N_("Members: only people who are signed in see your pseudonym"),
    "public": N_("Everyone: any visitor sees your pseudonym"),
    "counted": N_("Nobody: you are only counted, in an estimate once a quarter"),
}

VISIBILITY_LABELS = {
    "map": N_("People on this map"),
    "members": N_("Members"),
    "public": N_("Everyone"),
    "counted": N_("Nobody"),
    "paused": N_("Nobody, during the pause"),
}

REQUEST_STATE_LABELS = {
    "open": N_("no answer yet"),
    "later": N_("kept for later"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
    "withdrawn": N_("ended"),
    "left": N_("ended"),
}

REASONS = {
    "diagnosed": N_("I was diagnosed recently and would like to talk"),
    "treatments": N_("I would like to compare treatments"),
    "carers": N_("I am looking for other parents or carers"),
    "meet": N_("I would like to meet people near me"),
    "language": N_("You speak my language"),
    "other": N_("Something else"),
}

TOPICS = {
    "diagnosed": N_("a recent diagnosis"),
    "treatments": N_("treatments"),
    "carers": N_("caring for someone"),
    "meet": N_("meeting people nearby"),
    "language": N_("a shared language"),
    "other": N_("something else"),
}
"""The reasons, as topics that a member would like to talk about."""

GREETINGS = {
    "hello": N_("Hello! I would be glad to hear from you."),
    "no-rush": N_("Hello. There is no hurry to answer."),
    "first": N_("Hello. I have not written to anyone here before."),
}

GREETINGS_TO_SEVERAL = {
    "hello-all": N_("Hello! I have asked some others, too, and would be glad to hear from you."),
    "no-rush-all": N_("Hello. I have asked some others, too. There is no hurry to answer."),
    "first-all": N_("Hello. I have not written to anyone here before, and ask some others, too."),
}
"""Beside each greeting what it is where several are asked at once: they are told so."""
ALL_GREETINGS = {**GREETINGS, **GREETINGS_TO_SEVERAL}

WITHIN_WORDS = (
    N_("in the same area"),
    N_("within 50 km"),
    N_("within 100 km"),
    N_("within 250 km"),
    N_("within 500 km"),
    N_("within 1,000 km"),
)

BAND_WORDS = (
    N_("in the same area"),
    N_("under 50 km away"),
    N_("under 100 km away"),
    N_("under 250 km away"),
    N_("under 500 km away"),
    N_("under 1,000 km away"),
    N_("under 2,500 km away"),
    N_("under 5,000 km away"),
    N_("more than 5,000 km away"),
)

NEUTRAL_NAME = N_("Notes")
"""What the site is called in tabs, on a start screen and as the sender of mails, where a member
wished for discretion."""
