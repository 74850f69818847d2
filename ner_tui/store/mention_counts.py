"""Mention counts: the words of a file's spans, put in order and counted when the file is in the project whole.

Row by row each would be sorted into place somewhere else in the project file. All of a file's at once are sorted
first: then neighbours are written together, and a million sentences cost no more each than a thousand do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from ner_tui.store.tables.triggers import MENTION as _ROW
from ner_tui.store.tables.triggers import count_label

_AT_ONCE = 500
"""Strings that are asked for in one query."""
_WAITING = f"CREATE TEMP TABLE IF NOT EXISTS waiting ({_ROW})"
_FRESH = f"CREATE TEMP TABLE IF NOT EXISTS fresh ({_ROW})"
# What was changed since they were sorted is not there any more, or the triggers have counted it.
_TAKE = (
    f"INSERT INTO temp.fresh SELECT w.* FROM temp.waiting w CROSS JOIN mention m USING ({_ROW}) "
    "WHERE w.rowid > ? AND w.rowid <= ? AND NOT EXISTS (SELECT 1 FROM mention_by_text s WHERE "
    + " AND ".join(f"s.{name} = w.{name}" for name in _ROW.split(", "))
    + ")"
)
_COUNT = (
    "INSERT INTO label_usage (text, label, number) SELECT text, label, count(*) FROM temp.fresh WHERE 1 "
    "GROUP BY text, label ON CONFLICT DO UPDATE SET number = number + excluded.number"
)


class MentionCounts:
    """Counts the mentions of a file or a document that were stored while the triggers were off.

    Begin anew at any time, also after it was broken off: what is counted is passed over.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._done = self._all = 0

    def sort(self, *, source: int = 0, document: int = 0) -> None:
        """Have all mentions of a source or of a document wait to be counted, in place of what waited before."""
        for statement in (_WAITING, _FRESH, "DELETE FROM temp.waiting"):
            self._database.execute(statement)
        where = "document = ?" if document else "document IN (SELECT id FROM document WHERE source = ?)"
        self._database.execute(
            f"INSERT INTO temp.waiting SELECT {_ROW} FROM mention WHERE {where} ORDER BY 1, 2, 3, 4, 5, 6",
            (document or source,),
        )
        self._done = 0
        (self._all,) = self._database.execute("SELECT coalesce(max(rowid), 0) FROM temp.waiting").fetchone()

    @property
    def waiting(self) -> int:
        """How many mentions wait."""
        return self._all - self._done

    def count(self, most: int) -> None:
        """Count up to ``most`` of those that wait, inside a transaction of the caller's with the triggers off."""
        first, self._done = self._done, min(self._done + most, self._all)
        self._database.execute("DELETE FROM temp.fresh")
        self._database.execute(_TAKE, (first, self._done))
        self._database.execute(f"INSERT INTO mention_by_text ({_ROW}) SELECT * FROM temp.fresh")
        self._database.execute(_COUNT)
        texts = self._database.execute("SELECT DISTINCT text FROM temp.fresh").fetchall()
        self._weigh([text for (text,) in texts])

    def _weigh(self, texts: Sequence[str]) -> None:
        """Weigh the labels of those strings against each other that have more than one."""
        for first in range(0, len(texts), _AT_ONCE):
            some = texts[first : first + _AT_ONCE]
            rivals = self._database.execute(
                f"SELECT text FROM label_usage WHERE text IN ({', '.join('?' * len(some))}) "
                "GROUP BY text HAVING count(*) > 1",
                some,
            ).fetchall()
            self._database.executemany(count_label("?1"), rivals)
