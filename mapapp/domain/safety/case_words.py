"""The words for cases, decisions and what staff did; translated where they are shown."""

from mapapp.domain.safety.case_rules import (
    ANSWER,
    APPEALED,
    CONTACT_REQUEST,
    GROWTH,
    LIFTED,
    MESSAGE,
    NOTHING,
    OPEN,
    PERSON,
    QUESTION,
    READING,
    REMOVE,
    RESOLVED,
    SILENCE,
    STORY,
    SUSPEND,
    TAKEN,
    TREATMENT,
    UPHELD,
    WARN,
)
from mapapp.domain.safety.growth_rules import IN_A_MONTH, SUDDEN
from mapapp.domain.safety.reading_limits import MEMBER_READER, VISITOR
from mapapp.errors import N_

KIND_WORDS = {
    PERSON: N_("A person"),
    MESSAGE: N_("A message"),
    CONTACT_REQUEST: N_("A contact request"),
    ANSWER: N_("An answer"),
    STORY: N_("A story"),
    QUESTION: N_("A question"),
    TREATMENT: N_("A proposed treatment"),
    READING: N_("Someone who reads very many names"),
    GROWTH: N_("The numbers of a map"),
}

STATE_WORDS = {
    OPEN: N_("Open"),
    TAKEN: N_("Taken"),
    RESOLVED: N_("Decided"),
    APPEALED: N_("Appealed"),
}

ACT_HINTS = {
    NOTHING: N_("Everything stays as it is. If you give no reason, nobody is told."),
    REMOVE: N_("What was reported is removed, and cannot come back."),
    WARN: N_("They only get your words."),
    SILENCE: N_("They can read and are listed, but cannot write to anyone."),
    SUSPEND: N_("They can sign in only to read this, appeal, take their data and leave."),
}
"""What an act does, for moderators."""

RULING_WORDS = {
    NOTHING: N_("Nothing was done"),
    REMOVE: N_("Something of yours was removed"),
    WARN: N_("You were warned"),
    SILENCE: N_("You were stopped from writing for a time"),
    SUSPEND: N_("Your account was suspended"),
}
"""What was done, for the person."""

YOURS_WORDS = {
    PERSON: N_("How you are listed"),
    MESSAGE: N_("One of your messages"),
    CONTACT_REQUEST: N_("One of your contact requests"),
    ANSWER: N_("One of your answers"),
    STORY: N_("One of your stories"),
    QUESTION: N_("A question you asked"),
    TREATMENT: N_("A treatment you proposed"),
    READING: N_("How many names you read"),
    GROWTH: N_("The numbers of a map"),
}
"""What a decision is about, for the person."""

REMOVED_WORDS = {
    PERSON: N_("Your pseudonym was removed. You can choose another one in your profile."),
    MESSAGE: N_("One of your messages was removed, or not delivered. Only moderators have a copy."),
    CONTACT_REQUEST: N_("One of your contact requests was ended."),
    ANSWER: N_("One of your answers was removed, or not shown. Only moderators have a copy."),
    STORY: N_("One of your stories was removed, or not shown. Only moderators have a copy."),
    QUESTION: N_("A question you asked was not accepted."),
    TREATMENT: N_("A treatment you proposed was not added to the list."),
}

OUTCOME_WORDS = {
    UPHELD: N_("Looked at again: the decision stands"),
    LIFTED: N_("Looked at again: the decision is lifted"),
}

EVIDENCE_WORDS = {
    "pseudonym": N_("Pseudonym"),
    "role": N_("Role"),
    "languages": N_("Languages"),
    "condition": N_("Condition"),
    "area": N_("Area"),
    "reason": N_("Reason"),
    "greeting": N_("Greeting"),
    "held": N_("Why it was held"),
    "who": N_("Who read"),
    "people": N_("People they wanted to see"),
    "areas": N_("Areas they looked for people in"),
    "day": N_("Day"),
    "grew": N_("When it grew"),
    "before": N_("People before"),
    "now": N_("People now"),
    "question": N_("Question"),
    "title": N_("Title"),
}
"""What the parts of what was reported are called."""

READER_WORDS = {
    MEMBER_READER: N_("a member who was signed in"),
    VISITOR: N_("a visitor who was not signed in"),
}

GROWTH_WORDS = {
    SUDDEN: N_("at one publication"),
    IN_A_MONTH: N_("since the last month ended"),
}

HELD_WORDS = {
    "money": N_("mentions money"),
    "crypto": N_("mentions cryptocurrency"),
    "cure": N_("mentions a cure"),
    "contact": N_("leads off the site in the first messages"),
    "many": N_("the same text to many people"),
    "story": N_("a story, which a moderator reads first"),
    "asked": N_("a new question, which a moderator reads first"),
    "proposed": N_("a new treatment, which a moderator reads first"),
}

STAFF_ACTS = {
    "case-take": N_("took a case"),
    "case-give-back": N_("put a case back in the queue"),
    "case-read": N_("read what was reported"),
    "case-look-up": N_("looked up a person"),
    "case-note": N_("wrote a note on a case"),
    "case-nothing": N_("decided: no action"),
    "case-remove": N_("decided: removed it"),
    "case-warn": N_("decided: warned"),
    "case-silence": N_("decided: silenced for a time"),
    "case-suspend": N_("decided: suspended"),
    "case-upheld": N_("appeal: upheld"),
    "case-lifted": N_("appeal: lifted"),
    "adviser-confirm": N_("confirmed an adviser"),
    "adviser-refuse": N_("refused an offer to help newcomers"),
    "adviser-end": N_("took back that somebody is an adviser"),
    "editorial-draft": N_("saved a draft of an answer"),
    "editorial-publish": N_("published an answer"),
    "question-take": N_("added a question"),
    "question-hide": N_("said that a question does not apply"),
    "question-show": N_("showed a question again"),
    "content-import": N_("imported answers from files"),
    "condition-add": N_("added a condition"),
    "condition-edit": N_("changed a condition"),
    "condition-hide": N_("hid a condition"),
    "condition-show": N_("showed a condition"),
    "export": N_("exported numbers"),
    "import": N_("imported people"),
    "mail-retry": N_("tried to send an email again"),
    "webhook-add": N_("added a webhook"),
    "webhook-test": N_("sent a test to a webhook"),
    "webhook-pause": N_("paused a webhook"),
    "webhook-resume": N_("switched a webhook on again"),
    "webhook-delete": N_("deleted a webhook"),
    "staff-role": N_("changed a role"),
    "staff-name": N_("changed a name on the staff"),
    "address-changed": N_("changed the address they sign in with"),
    "second-factor-reset": N_("reset a second factor"),
}
"""What the audit log says, in words."""

STAFF_DETAILS = {
    "added": N_("added: %(value)s"),
    "before": N_("before: %(value)s"),
    "case": N_("case: %(value)s"),
    "changed": N_("changed: %(value)s"),
    "condition": N_("condition: %(value)s"),
    "conditions": N_("conditions: %(value)s"),
    "countries": N_("countries: %(value)s"),
    "day": N_("day: %(value)s"),
    "epoch": N_("epoch: %(value)s"),
    "format": N_("format: %(value)s"),
    "level": N_("level: %(value)s"),
    "mails": N_("emails: %(value)s"),
    "member": N_("member: %(value)s"),
    "name": N_("name: %(value)s"),
    "new": N_("new: %(value)s"),
    "question": N_("question: %(value)s"),
    "role": N_("role: %(value)s"),
    "site": N_("site: %(value)s"),
    "visibilities": N_("visibilities: %(value)s"),
}
"""What the log adds to each of them."""
