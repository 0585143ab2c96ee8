"""The words for cases, decisions and what staff did; translated where they are shown."""

from mapapp.domain.cases import (
    ANSWER,
    APPEALED,
    KNOCK,
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
from mapapp.domain.reading import MEMBER, VISITOR
from mapapp.domain.wording import _

KIND_WORDS = {
    PERSON: _("A person"),
    MESSAGE: _("A message"),
    KNOCK: _("A contact request"),
    ANSWER: _("An answer"),
    STORY: _("A story"),
    QUESTION: _("A question"),
    TREATMENT: _("A treatment that was proposed"),
    READING: _("Somebody who reads very much"),
}

STATE_WORDS = {
    OPEN: _("Open"),
    TAKEN: _("Taken"),
    RESOLVED: _("Decided"),
    APPEALED: _("Appealed"),
}

ACT_HINTS = {
    NOTHING: _("Everything stays as it is. Without a reason nobody is told."),
    REMOVE: _("What was reported is taken away, and cannot come back."),
    WARN: _("Only your words."),
    SILENCE: _("They read and are listed, but write to nobody."),
    SUSPEND: _("They can sign in only to read this, appeal, take their data and leave."),
}
"""What an act does, for moderators."""

RULING_WORDS = {
    NOTHING: _("Nothing was done"),
    REMOVE: _("Something of yours was removed"),
    WARN: _("You were warned"),
    SILENCE: _("You were silenced for a time"),
    SUSPEND: _("Your account was suspended"),
}
"""What was done, for the person."""

YOURS_WORDS = {
    PERSON: _("How you are listed"),
    MESSAGE: _("A message of yours"),
    KNOCK: _("A contact request of yours"),
    ANSWER: _("An answer of yours"),
    STORY: _("A story of yours"),
    QUESTION: _("A question that you asked"),
    TREATMENT: _("A treatment that you proposed"),
    READING: _("How much you read"),
}
"""What a decision is about, for the person."""

REMOVED_WORDS = {
    PERSON: _("Your pseudonym was taken away. You can choose another one on your profile."),
    MESSAGE: _("A message of yours was removed, or not delivered. Nobody can read it any more."),
    KNOCK: _("A contact request of yours was ended."),
    ANSWER: _("An answer of yours was removed, or not shown. Nobody can read it any more."),
    STORY: _("A story of yours was removed, or not shown. Nobody can read it any more."),
    QUESTION: _("A question that you asked was not taken up."),
    TREATMENT: _("A treatment that you proposed was not taken into the list."),
}

OUTCOME_WORDS = {
    UPHELD: _("Looked at again: the decision stays"),
    LIFTED: _("Looked at again: the decision is lifted"),
}

EVIDENCE_WORDS = {
    "pseudonym": _("Pseudonym"),
    "role": _("Role"),
    "languages": _("Languages"),
    "condition": _("Condition"),
    "area": _("Area"),
    "reason": _("Reason"),
    "greeting": _("Greeting"),
    "held": _("Why it was held"),
    "who": _("Who read"),
    "people": _("People they wanted to see"),
    "areas": _("Areas they looked for people in"),
    "day": _("Day"),
    "question": _("Question"),
    "title": _("Title"),
}
"""What the parts of what was reported are called."""

READER_WORDS = {
    MEMBER: _("a member who was signed in"),
    VISITOR: _("a visitor who was not signed in"),
}

HELD_WORDS = {
    "money": _("speaks of money"),
    "crypto": _("speaks of crypto money"),
    "cure": _("speaks of a cure"),
    "contact": _("leads off the site in the first messages"),
    "many": _("the same text to many people"),
    "story": _("a story, which a moderator reads first"),
    "asked": _("a new question, which a moderator reads first"),
    "proposed": _("a new treatment, which a moderator reads first"),
}

STAFF_ACTS = {
    "case-take": _("took a case"),
    "case-give-back": _("gave a case back"),
    "case-read": _("read what was reported"),
    "case-nothing": _("decided: no action"),
    "case-remove": _("decided: removed it"),
    "case-warn": _("decided: warned"),
    "case-silence": _("decided: silenced for a time"),
    "case-suspend": _("decided: suspended"),
    "case-upheld": _("appeal: upheld"),
    "case-lifted": _("appeal: lifted"),
    "editorial-draft": _("kept a draft of an answer"),
    "editorial-publish": _("published an answer"),
    "question-take": _("took up a question"),
    "question-hide": _("said that a question does not apply"),
    "question-show": _("showed a question again"),
    "content-import": _("brought in answers from files"),
    "condition-add": _("added a condition"),
    "condition-edit": _("changed a condition"),
    "condition-hide": _("hid a condition"),
    "condition-show": _("showed a condition"),
    "export": _("exported numbers"),
    "import": _("imported people"),
    "mail-retry": _("tried mail again"),
    "second-factor-reset": _("reset a second factor"),
}
"""What stands in the audit log, in words."""
