"""Choices people are offered, each a key that is stored and words that are shown.

The words are marked for translation here and translated where they are shown.
"""


def _(text: str) -> str:
    """Mark ``text`` for the translators; the web translates it when it is shown."""
    return text


ROLES = {
    "self": _("I live with it"),
    "parent": _("I am a parent or carer"),
    "family": _("I am family or a friend"),
    "clinician": _("I am a clinician"),
    "researcher": _("I am a researcher"),
    "organisation": _("We are an organisation"),
}

ROLE_LABELS = {
    "self": _("Lives with it"),
    "parent": _("Parent or carer"),
    "family": _("Family or friend"),
    "clinician": _("Clinician"),
    "researcher": _("Researcher"),
    "organisation": _("Organisation"),
}

VISIBILITY_WORDS = {
    "members": _("Members: only people who are signed in see your pseudonym"),
    "public": _("Everyone: any visitor sees your pseudonym"),
    "counted": _("Nobody: you are only counted, later and in rounded numbers"),
}

VISIBILITY_LABELS = {
    "members": _("Members"),
    "public": _("Everyone"),
    "counted": _("Nobody"),
    "paused": _("Nobody, during the pause"),
}

REQUEST_STATES = {
    "open": _("no answer yet"),
    "later": _("put off"),
    "accepted": _("accepted"),
    "declined": _("declined"),
    "withdrawn": _("ended"),
    "left": _("this person has left"),
}

REASONS = {
    "diagnosed": _("I was diagnosed recently and would like to talk"),
    "treatments": _("I would like to compare treatments"),
    "carers": _("I look for other parents or carers"),
    "meet": _("I would like to meet people near me"),
    "language": _("You speak my language"),
    "other": _("Something else"),
}

TOPICS = {
    "diagnosed": _("a recent diagnosis"),
    "treatments": _("treatments"),
    "carers": _("caring for somebody"),
    "meet": _("meeting nearby"),
    "language": _("a shared language"),
    "other": _("something else"),
}
"""The reasons, as what somebody would like to talk about."""

GREETINGS = {
    "hello": _("Hello! I would be glad to hear from you."),
    "no-rush": _("Hello. There is no hurry with an answer."),
    "first": _("Hello. I have not written to anybody here before."),
}

WITHIN_WORDS = (
    _("in the same area"),
    _("within 50 km"),
    _("within 100 km"),
    _("within 250 km"),
    _("within 500 km"),
    _("within 1,000 km"),
)

BAND_WORDS = (
    _("in the same area"),
    _("under 50 km away"),
    _("under 100 km away"),
    _("under 250 km away"),
    _("under 500 km away"),
    _("under 1,000 km away"),
    _("more than 1,000 km away"),
)
