"""The paragraphs of the moderators' handbook that stand beside a decision.

``docs/moderation.md`` is the handbook; a test holds the two to the same words.
"""

from mapapp.domain.safety.case_rules import (
    CURE,
    FAST_GROWTH,
    HARASSMENT,
    HELD_CATEGORY,
    MESSAGE,
    MINOR,
    MONEY,
    MUCH_READ,
    OTHER,
    OUTING,
    SELF_HARM,
    SPAM,
)
from mapapp.errors import N_, Words

HANDBOOK = {
    MINOR: N_(
        "Only adults have accounts here; children are placed by the people who care for them, and "
        "never shown. A member who says that they are under 18: suspend, kindly, and say that "
        "they are welcome when they are 18. A member who seeks contact with children, or shares "
        "pictures of them: suspend, and tell the operator of the site at once, who reports it to "
        "the police. Do not investigate."
    ),
    SELF_HARM: N_(
        "Look at it first, and at once. Never punish it: choose “No action”, with words that are "
        "warm, short and honest. Write that other members were worried, that you are not doctors, "
        "and name the helplines. You cannot send help: nobody here knows where the person is."
    ),
    HARASSMENT: N_(
        "Insisting after a no, insults, threats, sexual messages. The first time: warn, or "
        "silence for 7 days. A threat, or continuing after a warning: suspend. Threats of "
        "violence: tell the operator of the site, and tell nobody else that you did."
    ),
    OUTING: N_(
        "Names, workplaces, photographs, links to another person’s profiles. Remove it first, "
        "then think: was it on purpose, or careless? If on purpose, suspend."
    ),
    CURE: N_(
        "Saying what helped you is fine. Selling, “my protocol” and “stop your medicine” are not. "
        "The first time: remove it or warn. A person who came to sell: suspend."
    ),
    MONEY: N_(
        "Fund-raising, “a loan”, gift cards, crypto. A person who asks more than one member: "
        "suspend. A person in distress who asked one friend: warn, gently."
    ),
    SPAM: N_(
        "Researchers and organisations may ask politely, one by one. The same text to many: "
        "silence for a day, then suspend."
    ),
    OTHER: N_("Read, and use your judgement. Not liking a person is not a reason: no action."),
    HELD_CATEGORY: N_(
        "Words about money, cures or contact elsewhere in the first messages, or one text to many "
        "people. Most of it is harmless: deliver it quickly, because a person is waiting for it. "
        "“No action” delivers it, if it is still there."
    ),
    MUCH_READ: N_(
        "A reader wanted to see more than 100 people, or looked for people in more than 200 "
        "areas, in a day. The site stopped it by itself: they see no more names until the next "
        "day (UTC). The numbers in the case grow until then, up to 2,000. Most readers are "
        "curious: no action. Many hundreds, or day after day, means a machine or a person "
        "collecting names: suspend. If it was a visitor, there is nobody to act on; if there are "
        "many such cases, tell the operator of the site, who can block them in the network in "
        "front of it."
    ),
    FAST_GROWTH: N_(
        "At one publication 10 people or more came to a map, and they are a tenth or more of those "
        "who were there; or 30 or more have come since the last month ended, and they are half or "
        "more. The case has numbers that everybody can read, and is about nobody in particular. "
        "Most often there is a reason, such as an article, an import or a group that moved here: "
        "no action. If you know of none, look at the people whom the map shows: names made alike, "
        "everybody in one area, the same words from many. Look up whoever seems to be made up, "
        "and tell the operator of the site, who can hold new accounts back in the network in front "
        "of it."
    ),
}
"""What to do in each category."""

OF_POSTS = N_(
    "Every story waits for you; answers wait when they mention money, cures or contact elsewhere. "
    "Its writer can replace what waits until you take it; you read, and decide about, the words "
    "that it has then. “No action” shows them. People may say that something helped them, or that "
    "they have been well since: it is their experience, and its page says that it is not "
    "evidence. Do not show a text that promises others a cure, sells something, or tells them to "
    "stop a treatment. Accept a new question if people who live with the condition can answer it, "
    "if it names nobody, and if it has not been asked in other words. Accept a proposed treatment "
    "if it is a kind of treatment or a generic name, not a brand, and not yet in the list in "
    "other words; being in the list says nothing about whether it helps."
)
"""What to do about texts for everyone that wait, and about proposals."""


def paragraph_for(kind: str, category: str) -> Words:
    """Return what the handbook says about a case of this kind and category."""
    return OF_POSTS if category == HELD_CATEGORY and kind != MESSAGE else HANDBOOK[category]
