"""All tables in one import, for migrations and tests."""

from mapapp.store import conditions, connections, members, service, trust
from mapapp.store.base import Base

__all__ = ["Base", "conditions", "connections", "members", "service", "trust"]
