"""What members are asked to agree to: the purposes, and every wording they ever had.

A wording that somebody agreed to is never altered: a change is a new wording at the end of the
list, and everybody is asked again. A test holds the old ones by their hash.
"""

from dataclasses import dataclass

from mapapp.domain.permissions import COUNTED, MEMBERS, PUBLIC
from mapapp.domain.wording import _

ADULT, CARE, COUNT, MAIL = "adult", "care", "count", "mail"
WRITE, TRIED = "write", "tried"
"""Purposes beside the two ways of being listed, which are called as the visibility is."""


@dataclass(frozen=True)
class Wording:
    """What was said, from the month ``version`` on."""

    version: str
    words: str


@dataclass(frozen=True)
class Purpose:
    """One thing to agree to, apart from all others.

    Attributes:
        title: what it is, in two or three words.
        of_a_map: whether it is agreed to for each map, or once for the account.
        wordings: the newest last.
    """

    title: str
    of_a_map: bool
    wordings: tuple[Wording, ...]

    @property
    def now(self) -> Wording:
        """The words in force."""
        return self.wordings[-1]

    def at(self, version: str) -> str:
        """Return the words of an older version, '' for one that never was."""
        return next((w.words for w in self.wordings if w.version == version), "")


PURPOSES = {
    COUNT: Purpose(
        _("Be counted"),
        True,
        (
            Wording(
                "2026-11",
                _(
                    "This site keeps that you have to do with this condition, in which wide area "
                    "you are, your role, and decades of birth and diagnosis if you give them. That "
                    "is information about health. Others get numbers from it and nothing else. "
                    "Once a year a mail asks you whether it is still right."
                ),
            ),
        ),
    ),
    MEMBERS: Purpose(
        _("Be shown to members"),
        True,
        (
            Wording(
                "2026-11",
                _(
                    "People who are signed in see your pseudonym, role, languages and area on this "
                    "map, and can ask you for contact."
                ),
            ),
        ),
    ),
    PUBLIC: Purpose(
        _("Be shown to everyone"),
        True,
        (
            Wording(
                "2026-11",
                _(
                    "Everybody on the internet can see your pseudonym, role, languages and area on "
                    "this map, without signing in. What others copied meanwhile cannot be taken "
                    "back."
                ),
            ),
        ),
    ),
    MAIL: Purpose(
        _("Be mailed"),
        False,
        (
            Wording(
                "2026-11",
                _(
                    "This site mails you when somebody asks you for contact, or answers. No mail "
                    "names a condition, a person or a place."
                ),
            ),
        ),
    ),
    WRITE: Purpose(
        _("Write for everyone"),
        True,
        (
            Wording(
                "2026-11",
                _(
                    "Everybody on the internet can read the answers and stories that you write "
                    "about this condition, and what you say of yourself beside them. That is "
                    "information about health. You choose who sees your pseudonym, and can delete "
                    "them. What others copied meanwhile cannot be taken back."
                ),
            ),
        ),
    ),
    TRIED: Purpose(
        _("Say what you tried"),
        True,
        (
            Wording(
                "2026-11",
                _(
                    "This site keeps which treatments you tried against this condition and how "
                    "they went, without a date. That is information about health. Others see "
                    "rounded numbers from ten people on, in which you are only while you are "
                    "listed on the map."
                ),
            ),
        ),
    ),
    ADULT: Purpose(_("Be 18 or older"), False, (Wording("2026-11", _("You are 18 or older.")),)),
    CARE: Purpose(
        _("Count somebody you care for"),
        True,
        (
            Wording(
                "2026-11",
                _(
                    "This site keeps that somebody you care for lives with this condition, in "
                    "which wide area, and in which month a child turns 18. That is information "
                    "about health. Nobody sees them; others get rounded numbers and nothing else. "
                    "You may decide this for them."
                ),
            ),
        ),
    ),
}

NEEDED = {COUNTED: (COUNT,), MEMBERS: (COUNT, MEMBERS), PUBLIC: (COUNT, MEMBERS, PUBLIC)}
"""Which purposes each visibility rests on."""

WITHOUT = {PUBLIC: MEMBERS, MEMBERS: COUNTED}
"""Which visibility is left when the consent to a way of being listed is taken back."""


def words_version() -> str:
    """Return what tells whether the words on an open form are still those in force."""
    return ".".join(f"{key}-{purpose.now.version}" for key, purpose in PURPOSES.items())
