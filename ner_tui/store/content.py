"""Documents and sentences in the project file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import starmap
from typing import NamedTuple, cast

from ner_tui.domain.document import Origin, Sentence
from ner_tui.domain.packing import pack_tokens, unpack_edges, unpack_tokens
from ner_tui.domain.spans import Token
from ner_tui.store.packed import PackedSentence
from ner_tui.store.sources import NewSource as NewSource
from ner_tui.store.sources import Sources
from ner_tui.store.sources import StoredSource as StoredSource
from ner_tui.store.tables.predicates import BEYOND
from ner_tui.store.tables.schema import OF_DOCUMENTS

_SENTENCE = "start, text, tokens, line"
_DOCUMENTS = "SELECT id, source, name, origin, words, revision, cursor FROM document"
_Row = tuple[int, str, bytes, int]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The head of a document."""

    id: int
    source: int
    name: str
    origin: Origin
    words: int
    revision: int
    """Grows when sentence boundaries change: predictions made for another revision are stale."""
    cursor: int
    """Offset where the person last stood."""


class Stretch(NamedTuple):
    """Consecutive sentences of a document, as whoever shows them needs them."""

    start: int
    end: int
    """Offset after the last character."""
    text: str
    edges: list[int]
    """Of the tokens: start, end, start, …, as offsets in the document."""
    starts: list[int]
    """Of the sentences."""
    lines: list[int]
    """Line of the source, counted from 1, where each sentence's first token stands."""


class Content(Sources):
    """What was read from files; nothing in it changes but sentence boundaries and the cursor."""

    def add_document(self, source: int, name: str, origin: Origin) -> int:
        """Store a document's head and return its id; documents keep the order they are added in."""
        cursor = self._database.execute(
            "INSERT INTO document (source, name, origin) VALUES (?, ?, ?)", (source, name, origin)
        )
        return int(cursor.lastrowid or 0)

    def add_sentences(self, document: int, sentences: Iterable[Sentence]) -> int:
        """Store the sentences of a document in order and return how many words they have."""
        words = 0

        def rows() -> Iterator[tuple[int, int, str, bytes, int]]:
            nonlocal words
            for sentence in sentences:
                words += len(sentence.tokens)
                yield (
                    document, sentence.start, sentence.text, pack_tokens(sentence.tokens, sentence.start), sentence.line
                )  # fmt: skip

        self._database.executemany(f"INSERT INTO sentence (document, {_SENTENCE}) VALUES (?, ?, ?, ?, ?)", rows())
        self._database.execute("UPDATE document SET words = words + ? WHERE id = ?", (words, document))
        return words

    def clear_document(self, document: int) -> None:
        """Take away a document's sentences, blocks and everything marked on them, to read it anew."""
        for table in OF_DOCUMENTS:
            self._database.execute(f"DELETE FROM {table} WHERE document = ?", (document,))
        self._database.execute("UPDATE document SET words = 0, revision = revision + 1 WHERE id = ?", (document,))

    def documents(self) -> Iterator[StoredDocument]:
        """Return the heads of all documents in order."""
        return starmap(StoredDocument, self._database.execute(_DOCUMENTS))

    def document_ids(self) -> list[int]:
        """Return the ids of all documents in order."""
        return [row[0] for row in self._database.execute("SELECT id FROM document ORDER BY id")]

    def documents_of(self, source: int) -> list[StoredDocument]:
        """Return the documents read from a source, in order."""
        rows = self._database.execute(f"{_DOCUMENTS} WHERE source = ? ORDER BY id", (source,))
        return [StoredDocument(*row) for row in rows]

    def document(self, document: int) -> StoredDocument:
        """Return the head of a document."""
        row = self._database.execute(f"{_DOCUMENTS} WHERE id = ?", (document,)).fetchone()
        return StoredDocument(*row)

    def neighbour(self, document: int, step: int) -> int | None:
        """Return the id of the next (``step`` 1) or previous (-1) document, or None at the end."""
        query = "SELECT min(id) FROM document WHERE id > ?" if step > 0 else "SELECT max(id) FROM document WHERE id < ?"
        return cast("int | None", self._database.execute(query, (document,)).fetchone()[0])

    def set_cursor(self, document: int, offset: int) -> None:
        """Remember where the person stands in a document."""
        self._database.execute("UPDATE document SET cursor = ? WHERE id = ?", (offset, document))

    def sentences(self, document: int, start: int = 0, end: int | None = None) -> Iterator[Sentence]:
        """Yield the sentences that begin in ``[start, end)``, in order."""
        query = f"SELECT {_SENTENCE} FROM sentence WHERE document = ? AND start >= ? AND start < ? ORDER BY start"
        for row in self._database.execute(query, (document, start, _top(end))):
            yield _sentence(row)

    def packed_sentences(self, document: int) -> Iterator[PackedSentence]:
        """Yield all sentences in order, with their tokens packed until they are asked for."""
        query = f"SELECT {_SENTENCE} FROM sentence WHERE document = ? ORDER BY start"
        return starmap(PackedSentence, self._database.execute(query, (document,)))

    def around(
        self, document: int, start: int, end: int, margin: int
    ) -> tuple[Origin, bool, tuple[PackedSentence, ...]]:
        """Return a document's origin, whether its file has labels, and the sentences that touch ``[start, end)``.

        Args:
            margin: how many sentences more on either side.
        """
        rows = self._database.execute(around(margin > 0), {"d": document, "s": start, "e": end, "m": margin}).fetchall()
        return rows[0][0], bool(rows[0][1]), tuple(PackedSentence(*row) for _, _, *row in rows)

    def sentence_at(self, document: int, offset: int) -> Sentence | None:
        """Return the sentence that owns the character at ``offset``, the first one before the first sentence."""
        row = self._database.execute(
            f"SELECT {_SENTENCE} FROM sentence WHERE document = ? AND start <= ? ORDER BY start DESC LIMIT 1",
            (document, offset),
        ).fetchone()
        return _sentence(row) if row else None

    def sentence_range(self, document: int, offset: int) -> tuple[int, int] | None:
        """Return ``[start, end)`` of the sentence that ``sentence_at`` returns."""
        return self._database.execute(  # type: ignore[no-any-return]
            "SELECT start, start + length(text) FROM sentence WHERE document = ? AND start <= ? "
            "ORDER BY start DESC LIMIT 1",
            (document, offset),
        ).fetchone()

    def containing(
        self, needle: str, after: tuple[int, int] = (0, -1), most: int = -1
    ) -> Iterator[tuple[int, Sentence]]:
        """Yield (document, sentence) for the sentences whose text has ``needle``, in order.

        Args:
            needle: compared without regard to the case of ASCII letters; empty is in every sentence.
            after: (document, start) to begin behind.
            most: how many at the most; -1 for all.
        """
        pattern = "".join(f"\\{char}" if char in "%_\\" else char for char in needle)
        query = (
            f"SELECT document, {_SENTENCE} FROM sentence WHERE (document, start) > (?, ?) "
            "AND text LIKE ? ESCAPE '\\' ORDER BY document, start LIMIT ?"
        )
        for document, *row in self._database.execute(query, (*after, f"%{pattern}%", most)):
            start, text, tokens, line = row
            yield document, _sentence((start, text, tokens, line))

    def length(self, document: int) -> int:
        """Return how many characters a document has."""
        row = self._database.execute(
            "SELECT start + length(text) FROM sentence WHERE document = ? ORDER BY start DESC LIMIT 1", (document,)
        ).fetchone()
        return int(row[0]) if row else 0

    def count_sentences(self, document: int, start: int, end: int) -> int:
        """Return how many sentences begin in ``[start, end)``."""
        query = "SELECT count(*) FROM sentence WHERE document = ? AND start >= ? AND start < ?"
        found: tuple[int] = self._database.execute(query, (document, start, end)).fetchone()
        return found[0]

    def stretch(self, document: int, start: int, end: int) -> Stretch:
        """Return the text of the sentences that touch ``[start, end)``, one at the least where there are any."""
        texts: list[str] = []
        edges: list[int] = []
        starts: list[int] = []
        lines: list[int] = []
        query = (
            "SELECT start, text, tokens, line FROM sentence WHERE document = :d AND start < max(:e, 1) AND start >= "
            "coalesce((SELECT max(start) FROM sentence WHERE document = :d AND start <= :s), 0) ORDER BY start"
        )
        for at, text, tokens, line in self._database.execute(query, {"d": document, "s": start, "e": end}):
            texts.append(text)
            starts.append(at)
            edges += unpack_edges(tokens, at)
            lines.append(line)
        text, first = "".join(texts), starts[0] if starts else 0
        return Stretch(first, first + len(text), text, edges, starts, lines)

    def join(self, document: int, offset: int) -> None:
        """Join the sentence that starts at ``offset`` to the one before."""
        first, second = self._with(document, offset - 1), self._with(document, offset)
        self._delete(document, second.start)
        self._put(document, Sentence(first.start, first.text + second.text, first.tokens + second.tokens, first.line))

    def split(self, document: int, offset: int) -> None:
        """Make a sentence start at ``offset``, a place between two tokens of a sentence."""
        whole = self._with(document, offset - 1)
        cut = offset - whole.start
        left = tuple(token for token in whole.tokens if token.end <= offset)
        right = whole.tokens[len(left) :]
        first = right[0].start if right else offset
        line = whole.line + whole.text[: first - whole.start].lstrip("\n").count("\n")
        self._put(document, Sentence(whole.start, whole.text[:cut], left, whole.line))
        self._put(document, Sentence(offset, whole.text[cut:], right, line))

    def split_token(self, document: int, offset: int) -> None:
        """Make two tokens of the one around ``offset``."""

        def cut(token: Token) -> tuple[Token, ...]:
            if token.start < offset < token.end:
                return Token(token.start, offset), Token(offset, token.end)
            return (token,)

        self._retoken(document, offset, lambda tokens: tuple(part for token in tokens for part in cut(token)))

    def merge_tokens(self, document: int, offset: int) -> None:
        """Make one token of the two that meet at ``offset``."""

        def merge(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
            at = next(i for i, token in enumerate(tokens) if token.end == offset)
            return (*tokens[:at], Token(tokens[at].start, tokens[at + 1].end), *tokens[at + 2 :])

        self._retoken(document, offset, merge)

    def _retoken(self, document: int, offset: int, change: Callable[[tuple[Token, ...]], tuple[Token, ...]]) -> None:
        sentence = self._with(document, offset)
        tokens = change(sentence.tokens)
        self._put(document, Sentence(sentence.start, sentence.text, tokens, sentence.line))
        difference = len(tokens) - len(sentence.tokens)
        self._database.execute("UPDATE document SET words = words + ? WHERE id = ?", (difference, document))

    def _with(self, document: int, offset: int) -> Sentence:
        sentence = self.sentence_at(document, offset)
        assert sentence is not None
        return sentence

    def _delete(self, document: int, start: int) -> None:
        self._database.execute("DELETE FROM sentence WHERE document = ? AND start = ?", (document, start))

    def _put(self, document: int, sentence: Sentence) -> None:
        self._delete(document, sentence.start)
        self._database.execute(
            f"INSERT INTO sentence (document, {_SENTENCE}) VALUES (?, ?, ?, ?, ?)",
            (document, sentence.start, sentence.text, pack_tokens(sentence.tokens, sentence.start), sentence.line),
        )


def _sentence(row: _Row) -> Sentence:
    start, text, tokens, line = row
    return Sentence(start, text, unpack_tokens(tokens, start), line)


def _top(end: int | None) -> int:
    return BEYOND if end is None else end


_LABELLED = (
    "EXISTS (SELECT 1 FROM document o JOIN labelled_source l ON l.source = o.source WHERE o.id = :d AND NOT EXISTS "
    # What such a file does not say it may suggest.
    "(SELECT 1 FROM suggesting_source g WHERE g.source = o.source))"
)


@cache
def around(with_margin: bool) -> str:
    """Return the query for a document's origin and whether its file has labels, with
    the sentences of ``[:s, :e)``, ``:m`` more on either side."""
    last = "start < max(:e, :s + 1)"
    if with_margin:
        last = (
            "start <= coalesce((SELECT start FROM sentence WHERE document = :d AND start >= max(:e, :s + 1) "
            f"ORDER BY start LIMIT 1 OFFSET :m - 1), {BEYOND})"
        )
    return (
        f"SELECT (SELECT origin FROM document WHERE id = :d), {_LABELLED}, {_SENTENCE} FROM sentence "
        "WHERE document = :d "
        "AND start >= coalesce((SELECT start FROM sentence WHERE document = :d AND start <= :s "
        f"ORDER BY start DESC LIMIT 1 OFFSET :m), 0) AND {last} ORDER BY start"
    )
