"""All tables in one import, for migrations and tests."""

from mapapp.store import (
    conditions,
    contact,
    facts,
    limits,
    mail,
    members,
    moderation,
    posts,
    published,
    questions,
    records,
    sign_in,
    treatments,
)
from mapapp.store.base import Base

__all__ = [
    "Base",
    "conditions",
    "contact",
    "facts",
    "limits",
    "mail",
    "members",
    "moderation",
    "posts",
    "published",
    "questions",
    "records",
    "sign_in",
    "treatments",
]
