"""All tables in one import, for migrations and tests."""

from mapapp.store import (
    conditions,
    connections,
    conversations,
    members,
    moderation,
    posts,
    questions,
    service,
    treatments,
    trust,
)
from mapapp.store.base import Base

__all__ = [
    "Base",
    "conditions",
    "connections",
    "conversations",
    "members",
    "moderation",
    "posts",
    "questions",
    "service",
    "treatments",
    "trust",
]
