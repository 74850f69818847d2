"""Bulk insert: what a file says put into the project many sentences at a time, and how far each file has been read.

Row by row, triggers keep the counts. Here they are off, and the counts are brought up to date once for all the rows:
a million sentences are a matter of a minute, not of ten.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import compress, repeat

from ner_tui.domain.packing import PackedSentences, PackedSpan
from ner_tui.store.audits import Audits
from ner_tui.store.mention_counts import MentionCounts
from ner_tui.store.metadata import MetadataTable
from ner_tui.store.sources import packed_text
from ner_tui.store.tables.predicates import LONGEST

_LEFT, _RIGHT = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class UnreadSource:
    """A file that is not in the project whole yet."""

    source: int
    path: str
    documents: int
    """Documents of it that are begun."""
    sentences: int
    """Sentences of it that are in the project, as its format yields them."""
    options: str
    """How it is to be read, in the reader's own words."""


class BulkInsert:
    """Takes in what files say. All of it happens inside a transaction of the caller's."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._audits = Audits(database)
        self._metadata = MetadataTable(database)
        self.mention_counts = MentionCounts(database)
        """Counts what was stored; until then the labels of words are not held against each other."""

    def begin(self, source: int, options: str) -> None:
        """Note that a file is to be read from its beginning."""
        self._database.execute(
            "INSERT INTO unread_source VALUES (?, 0, 0, ?) ON CONFLICT DO UPDATE SET documents = 0, sentences = 0, "
            "options = excluded.options",
            (source, options),
        )
        for table in ("suggesting_source", "labelled_source"):
            self._database.execute(f"DELETE FROM {table} WHERE source = ?", (source,))
        self.forget_pieces(source)

    def reach(self, source: int, documents: int, sentences: int) -> None:
        """Note how far a file has been read."""
        self._database.execute(
            "UPDATE unread_source SET documents = ?, sentences = ? WHERE source = ?", (documents, sentences, source)
        )

    def end(self, source: int) -> None:
        """Note that a file is in the project whole, and counted."""
        self._database.execute("DELETE FROM unread_source WHERE source = ?", (source,))

    def unread(self) -> list[UnreadSource]:
        """Return the files that are not in the project whole, in order."""
        rows = self._database.execute(
            "SELECT r.source, s.path, r.documents, r.sentences, r.options FROM unread_source r JOIN source s "
            "ON s.id = r.source ORDER BY r.source"
        )
        return [UnreadSource(*row) for row in rows]

    def pieces(self, source: int) -> int:
        """Return how many pieces of a file's text are in the project."""
        return int(
            self._database.execute("SELECT count(*) FROM source_piece WHERE source = ?", (source,)).fetchone()[0]
        )

    def count(self, *, source: int = 0, document: int = 0) -> None:
        """Count at once what is said of a source or of a document, in the transaction that stores it."""
        self.mention_counts.sort(source=source, document=document)
        with self.triggers_off():
            self.mention_counts.count(self.mention_counts.waiting)

    def forget_pieces(self, source: int) -> None:
        """Forget a file's text but for its first piece."""
        self._database.execute("DELETE FROM source_piece WHERE source = ?", (source,))

    def add_piece(self, source: int, number: int, text: str) -> None:
        """Store a piece of a file's text."""
        self._database.execute("INSERT INTO source_piece VALUES (?, ?, ?)", (source, number, packed_text(text)))

    @contextmanager
    def triggers_off(self) -> Iterator[None]:
        """Have the triggers that count do nothing inside; nobody else ever sees them off."""
        self._database.execute("INSERT INTO triggers_off VALUES (1)")
        yield
        self._database.execute("DELETE FROM triggers_off")

    def add(self, document: int, block: PackedSentences) -> None:
        """Store a block of sentences with what a file says of them, to be predicted together.

        Its suggestions are for ``Predictions.add_given``, when the triggers are on.
        """
        self._database.executemany(
            "INSERT INTO sentence (document, start, text, tokens, line) VALUES (?, ?, ?, ?, ?)",
            zip(repeat(document), block.starts, block.texts, block.tokens, block.lines),
        )
        words = sum(block.words)
        self._database.execute("UPDATE document SET words = words + ? WHERE id = ?", (words, document))
        self._database.execute(
            "INSERT INTO block (document, start, end, words) VALUES (?, ?, ?, ?)",
            (document, block.starts[0], block.end, words),
        )
        self._audits.add(document, compress(block.starts, block.words))
        self._metadata.put(document, block.metadata)
        tally = Counter({("sentence", ""): len(block)})
        self._add_decisions(document, block.spans, tally)
        if block.spans:
            self.note_labels(document)
        self._add_states(document, block, tally)
        self._database.executemany(
            "INSERT INTO tally VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number",
            [(at, *key, number) for key, number in tally.items() for at in (document, 0)],
        )

    def note_labels(self, document: int) -> None:
        """Note that the file of a document has labels of its own, so that it denies what it does not label."""
        self._database.execute(
            "INSERT OR IGNORE INTO labelled_source SELECT source FROM document WHERE id = ?", (document,)
        )

    def _add_decisions(self, document: int, spans: Sequence[PackedSpan], tally: Counter[tuple[str, str]]) -> None:
        self._database.executemany(
            "INSERT INTO decision VALUES (?, ?, ?, ?, 'file')",
            [(document, start, end, label) for start, end, label, _ in spans],
        )
        self._database.executemany(
            "INSERT INTO mention VALUES (?, ?, ?, ?, 'file', ?)",
            [(document, start, end, label, span_text(text)) for start, end, label, text in spans],
        )
        for label, number in Counter(span.label for span in spans).items():
            tally["decision", label] = number

    def _add_states(self, document: int, block: PackedSentences, tally: Counter[tuple[str, str]]) -> None:
        for start, status, flagged in block.states:
            self._database.execute("INSERT INTO sentence_state VALUES (?, ?, ?, ?)", (document, start, status, flagged))
            if status != "untouched":
                tally[status, ""] += 1
            tally["flagged", ""] += flagged
        self._database.executemany(
            "INSERT INTO note VALUES (?, ?, ?, ?)", [(document, n.start, n.end, n.text) for n in block.notes]
        )

    def add_problems(self, document: int, problems: Iterable[tuple[int, int, str]]) -> None:
        """Store (start, end, what) for what was wrong in the source."""
        self._database.executemany(
            "INSERT OR IGNORE INTO problem (document, start, end, reason) VALUES (?, ?, ?, ?)",
            [(document, *problem) for problem in problems],
        )


def span_text(words: str) -> str:
    """Return the words of a span as ``predicates.span_text`` does, white space as single spaces."""
    words = words[:LONGEST].replace("\r", " ").replace("\n", " ").replace("\t", " ")
    if "  " in words or _LEFT in words or _RIGHT in words:
        words = words.replace(" ", _LEFT + _RIGHT).replace(_RIGHT + _LEFT, "").replace(_LEFT + _RIGHT, " ")
    return words
