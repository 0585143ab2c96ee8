"""What members are asked to agree to: the purposes, and every wording they ever had.

A wording that a member agreed to is never altered: a change is a new wording at the end of the
list, and every member is asked again. A test holds the old ones by their hash.
"""

from dataclasses import dataclass

from mapapp.domain.core.visibilities import COUNTED, MAP, MEMBERS, PUBLIC
from mapapp.errors import N_, NO_WORDS, BadInputError, Words

ADULT, CARE, COUNT, MAIL = "adult", "care", "count", "mail"
WRITE, TREATMENTS, DECADES = "write", "tried", "decades"
"""Purposes besides the three ways of being listed, which are named after their visibility."""


@dataclass(frozen=True)
class Wording:
    """What was said, from the month ``version`` on."""

    version: str
    words: Words


@dataclass(frozen=True)
class Purpose:
    """One thing to agree to, separate from all others.

    Attributes:
        title: what it is, in two or three words.
        of_a_map: whether it is agreed to for each map, or once for the account.
        wordings: the newest last.
    """

    title: Words
    of_a_map: bool
    wordings: tuple[Wording, ...]

    @property
    def now(self) -> Wording:
        """The words in force."""
        return self.wordings[-1]

    def at(self, version: str) -> Words:
        """Return the words of an older version, none for one that never was."""
        return next((w.words for w in self.wordings if w.version == version), NO_WORDS)


def _first(words: Words) -> tuple[Wording, ...]:
    """Return the wordings of a purpose that has always been worded like this."""
    return (Wording("2026-11", words),)


PURPOSES = {
    COUNT: Purpose(
        N_("Be counted"),
        True,
        (
            *_first(
                N_(
                    "This site keeps a record that you have a connection to this "
                    "condition, the wide area you are in, your role, and your decades of "
                    "birth and diagnosis if you give them. This is information about "
                    "health. Others get numbers from it and nothing else. Once a year, an "
                    "email asks you whether it is still right."
                )
            ),
            Wording(
                "2026-12",
                N_(
                    "This site keeps a record that you have a connection to this "
                    "condition, the wide area you are in, and your role. This is "
                    "information about health. Others get numbers from it and nothing "
                    "else. Once a year, an email asks you whether it is still right."
                ),
            ),
        ),
    ),
    MAP: Purpose(
        N_("Be shown to people on this map"),
        True,
        (
            Wording(
                "2026-12",
                N_(
                    "People who are shown on this map can see your pseudonym, role, languages "
                    "and area on it, and can ask you for contact. Anyone who signs in can put "
                    "themselves on it."
                ),
            ),
        ),
    ),
    MEMBERS: Purpose(
        N_("Be shown to members"),
        True,
        _first(
            N_(
                "People who are signed in can see your pseudonym, role, languages and "
                "area on this map, and can ask you for contact."
            )
        ),
    ),
    PUBLIC: Purpose(
        N_("Be shown to everyone"),
        True,
        _first(
            N_(
                "Everyone on the internet can see your pseudonym, role, languages and "
                "area on this map, without signing in. What others copy in the "
                "meantime cannot be taken back."
            )
        ),
    ),
    MAIL: Purpose(
        N_("Get emails"),
        False,
        _first(
            N_(
                "This site emails you when someone asks you for contact, or answers "
                "you. No email names a condition, a person or a place."
            )
        ),
    ),
    WRITE: Purpose(
        N_("Write for everyone"),
        True,
        _first(
            N_(
                "Everyone on the internet can read the answers and stories that you "
                "write about this condition, and what you say about yourself beside "
                "them. This is information about health. You choose who sees your "
                "pseudonym, and you can delete what you wrote. What others copy in the "
                "meantime cannot be taken back."
            )
        ),
    ),
    TREATMENTS: Purpose(
        N_("Say what you tried"),
        True,
        (
            *_first(
                N_(
                    "This site keeps a record of which treatments you tried for this "
                    "condition and how they went, without a date. This is information "
                    "about health. Others see rounded numbers of ten people or more, and "
                    "you are in them only while you are listed on the map."
                )
            ),
            Wording(
                "2026-12",
                N_(
                    "This site keeps a record of which treatments you tried for this "
                    "condition and how they went, without a date. This is information "
                    "about health. Once a year, numbers are made of what people on the map "
                    "have said, and blurred by chance. Others see these numbers until the "
                    "next year, also if you leave."
                ),
            ),
        ),
    ),
    DECADES: Purpose(
        N_("Say when you were born or diagnosed"),
        True,
        (
            Wording(
                "2026-12",
                N_(
                    "This site keeps the decades of your birth and of the diagnosis, if you "
                    "give them. This is information about health. If you choose so, people "
                    "shown on this map can read each on your card, and find you among people "
                    "of about their age. Once a year, numbers are made of them, and blurred by "
                    "chance."
                ),
            ),
        ),
    ),
    ADULT: Purpose(N_("Be 18 or over"), False, _first(N_("You are 18 or over."))),
    CARE: Purpose(
        N_("Count someone you care for"),
        True,
        _first(
            N_(
                "This site keeps a record that someone you care for lives with this "
                "condition, the wide area they are in, and the month in which a child "
                "turns 18. This is information about health. Nobody sees them; others "
                "get rounded numbers and nothing else. You are allowed to decide this "
                "for them."
            )
        ),
    ),
}

NEEDED = {
    COUNTED: (COUNT,),
    MAP: (COUNT, MAP),
    MEMBERS: (COUNT, MAP, MEMBERS),
    PUBLIC: (COUNT, MAP, MEMBERS, PUBLIC),
}
"""Which purposes each visibility rests on."""

INCLUDED = {MAP: MEMBERS}
"""A purpose that came later, and the older one that already said all of it, and more.

Who needs the older one as well is not asked for the new one.
"""

WITHOUT = {PUBLIC: MEMBERS, MEMBERS: MAP, MAP: COUNTED}
"""Which visibility is left when the consent to a way of being listed is withdrawn.

Only where the member agreed to that one as well; otherwise the next, down to being counted.
"""


def words_version() -> str:
    """Return what tells whether the words on an open form are still those in force."""
    return ".".join(f"{key}-{purpose.now.version}" for key, purpose in PURPOSES.items())


def check_words(words: str) -> None:
    """Refuse an agreement to words that are not those in force.

    Raises:
        BadInputError: when they have changed since the form was opened.
    """
    if words != words_version():
        raise BadInputError(
            N_(
                "What you agree to has been reworded since you opened the page. Please read "
                "it again."
            )
        )
