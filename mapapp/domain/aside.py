"""Reasons for which a membership or a text is set aside; each can end without the others.

A row holds the letters of those that stand.
"""

HIDDEN, RESTING, SILENT = "h", "p", "s"
"""The member's own tap, a pause, and silence to the yearly question."""
MODERATED = "m"
"""Moderators' doing, or until they have decided."""
REPORTED = "r"
"""Of a text alone: two people who do not know each other reported it."""
