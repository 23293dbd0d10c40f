"""What survives: images sent and results, shared by the command line and the bridge."""

from bridge.store.draft import Draft
from bridge.store.facts import Facts, Record, StoredPlane, StoredResult
from bridge.store.store import Store

__all__ = ["Draft", "Facts", "Record", "Store", "StoredPlane", "StoredResult"]
