"""What has to go so that the store keeps within its capacity."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

EVICTABLE = """
SELECT * FROM things
WHERE belongs IS NULL AND NOT (kind = ? AND key = ?)
  AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.kind = things.kind AND holds.key = things.key)
ORDER BY used, kind, key
"""


def make_room(
    connection: sqlite3.Connection, capacity: int, sparing: tuple[str, str]
) -> Iterator[sqlite3.Row]:
    """Yield the things to discard, the longest unused first; never ``sparing`` nor what is held."""
    (total,) = connection.execute("SELECT COALESCE(SUM(bytes), 0) FROM things").fetchone()
    if total <= capacity:
        return
    for row in connection.execute(EVICTABLE, sparing).fetchall():
        yield row
        total -= row["bytes"]
        if total <= capacity:
            return
