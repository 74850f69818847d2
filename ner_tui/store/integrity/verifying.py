"""Verifying: whether a project file holds together, table by table, without trusting what keeps it together.

Nothing is written. What the journal and the sources say of the state is held against it in ``rebuilding``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ner_tui.domain.annotation.verb_table import Verb
from ner_tui.domain.packing import unpack_tokens
from ner_tui.domain.spans import Token
from ner_tui.errors import ProjectError
from ner_tui.store.codec import load_items
from ner_tui.store.file.connection import ProjectFile
from ner_tui.store.file.sqlite_hardening import SCHEMA, schema_of
from ner_tui.store.integrity.column_values import wrong_values
from ner_tui.store.tables import schema
from ner_tui.store.tables.predicates import DOUBTS, OPEN
from ner_tui.store.tables.triggers import MENTION

Kind = Literal["file", "tables", "text", "spans", "counts", "journal", "state"]
KINDS: tuple[Kind, ...] = ("file", "tables", "text", "spans", "counts", "journal", "state")
_BETWEEN_WORDS = " \t\r\n"
"""What is no word in any file: other white space, such as U+00A0, is one where a file of tokens has it as a word."""
_DAMAGE = 20
"""Lines of SQLite's own report at the most."""
_COUNTED = {
    "sentence": ("sentence", "1", "''"),
    "decision": ("decision", "1", "label"),
    "rejected": ("rejection", "1", "label"),
    "confirmed": ("sentence_state", "status = 'confirmed'", "''"),
    "in progress": ("sentence_state", "status = 'in progress'", "''"),
    "flagged": ("sentence_state", "flagged", "''"),
    "open": ("suggestion", OPEN, "label"),
    "doubt": ("suggestion", DOUBTS, "''"),
}
"""Kind of tally: table, condition, label."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a project that should not be."""

    kind: Kind
    where: str
    """Table, document with offsets, or journal entry."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}: {self.what}"


def verify(database: sqlite3.Connection) -> Iterator[Fault]:
    """Yield what is wrong in a project file."""
    yield from _damage(database)
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version != schema.VERSION:
        yield Fault(
            "tables", "version", f"{version} where this ner-tui has {schema.VERSION}: review brings it up to date"
        )
        return
    for check in (_tables, _values, _documents, _tallies, _mentions, _journal):
        try:
            yield from check(database)
        except (ProjectError, sqlite3.Error, ValueError, TypeError) as error:
            # What a damaged file answers is anything.
            yield Fault("file", check.__name__.strip("_"), f"cannot be checked: {error}")


def _damage(database: sqlite3.Connection) -> Iterator[Fault]:
    try:
        rows = database.execute(f"PRAGMA integrity_check({_DAMAGE})").fetchall()
    except (ProjectError, sqlite3.Error) as error:
        yield Fault("file", "SQLite", str(error))
        return
    for (line,) in rows:
        if line != "ok":
            yield Fault("file", "SQLite", str(line))
    if isinstance(database, ProjectFile) and database.lacks_log:
        yield Fault("file", "log", "the last edits are missing, with the -wal that was beside it")


def _tables(database: sqlite3.Connection) -> Iterator[Fault]:
    """Hold the tables, indexes and triggers against those of a new project."""
    found, wanted = schema_of(database.execute(SCHEMA)), schema.own_schema()
    for kind, name in sorted(wanted.keys() - found.keys()):
        yield Fault("tables", name, f"the {kind} is not there")
    for kind, name in sorted(found.keys() - wanted.keys()):
        yield Fault("tables", name, f"a {kind} that ner-tui did not make")
    for kind, name in sorted(found.keys() & wanted.keys()):
        if found[kind, name] != wanted[kind, name]:
            yield Fault("tables", name, f"not the {kind} that ner-tui makes")


def _values(database: sqlite3.Connection) -> Iterator[Fault]:
    for where, what in wrong_values(database):
        yield Fault("tables", where, what)
    if database.execute("SELECT count(*) FROM triggers_off").fetchone() != (0,):
        yield Fault("tables", "triggers_off", "counting is switched off, which it is only while a file is read")


def _documents(database: sqlite3.Connection) -> Iterator[Fault]:
    heads = database.execute("SELECT id, source, name, words FROM document ORDER BY id").fetchall()
    known = {identifier for identifier, *_ in heads}
    sources = {row[0] for row in database.execute("SELECT id FROM source")}
    for table in schema.OF_DOCUMENTS:
        for (document,) in database.execute(f"SELECT DISTINCT document FROM {table}").fetchall():
            if document not in known:
                yield Fault("tables", table, f"rows of document {document}, which there is not")
    for identifier, source, name, words in heads:
        where = f"document {identifier} ({name})"
        if source not in sources:
            yield Fault("tables", where, f"its source {source} is not there")
        yield from _document(database, identifier, where, words)


def _document(database: sqlite3.Connection, document: int, where: str, words: int) -> Iterator[Fault]:
    """Check that sentences partition the text, tokens stand in their sentences, and spans on tokens."""
    at, counted = 0, 0
    starts: set[int] = set()
    token_starts: dict[int, int] = {}
    """Start of each token: number of its sentence."""
    token_ends: dict[int, int] = {}
    rows = database.execute("SELECT start, text, tokens FROM sentence WHERE document = ? ORDER BY start", (document,))
    for number, (start, text, packed) in enumerate(rows):
        starts.add(start)
        if start != at:
            yield Fault("text", f"{where} at {start}", f"the sentence before ends at {at}: they have to meet")
        at = start + len(text)
        try:
            tokens = unpack_tokens(packed, start)
        except (ValueError, TypeError) as error:
            yield Fault("text", f"{where} at {start}", f"its tokens cannot be read: {error}")
            continue
        counted += len(tokens)
        yield from _tokens(tokens, start, at, text, where)
        token_starts.update((token.start, number) for token in tokens)
        token_ends.update((token.end, number) for token in tokens)
    if words != counted:
        yield Fault("counts", where, f"it is said to have {words:,} words and has {counted:,}")
    yield from _spans(database, document, where, at, token_starts, token_ends)
    for (start,) in database.execute("SELECT start FROM sentence_state WHERE document = ?", (document,)):
        if start not in starts:
            yield Fault("spans", f"{where} at {start}", "the state of a sentence where none starts")
    for table in ("rejection", "suggestion", "note"):
        query = f"SELECT start, end FROM {table} WHERE document = ? AND (start < 0 OR end > ? OR end < start)"
        for start, end in database.execute(query, (document, at)):
            yield Fault("spans", f"{where} [{start}, {end})", f"a {table} outside the text, which ends at {at}")


def _tokens(tokens: tuple[Token, ...], start: int, end: int, text: str, where: str) -> Iterator[Fault]:
    # As they are stored, none can begin before its sentence does, or before the one before it ends.
    for token in tokens:
        place = f"{where} [{token.start}, {token.end})"
        if token.end > end:
            yield Fault("text", place, f"a token outside its sentence [{start}, {end})")
        elif token.start == token.end:
            yield Fault("text", place, "a token without a character")
        elif not text[token.start - start : token.end - start].strip(_BETWEEN_WORDS):
            yield Fault("text", place, "a token of nothing but white space")


def _spans(
    database: sqlite3.Connection,
    document: int,
    where: str,
    length: int,
    token_starts: dict[int, int],
    token_ends: dict[int, int],
) -> Iterator[Fault]:
    before = 0
    query = "SELECT start, end, label FROM decision WHERE document = ? ORDER BY start"
    for start, end, label in database.execute(query, (document,)):
        place = f"{where} [{start}, {end})"
        if not 0 <= start < end <= length:
            yield Fault("spans", place, f"a {label} outside the text, which ends at {length}")
            continue
        if start not in token_starts or end not in token_ends:
            yield Fault("spans", place, f"a {label} that does not begin and end with a token")
        elif token_starts[start] != token_ends[end]:
            yield Fault("spans", place, f"a {label} across sentences")
        if start < before:
            yield Fault("spans", place, f"a {label} that overlaps the one before")
        if not label:
            yield Fault("spans", place, "a decision without a label")
        before = max(before, end)


def _tallies(database: sqlite3.Connection) -> Iterator[Fault]:
    kept = {
        (document, kind, label): number
        for document, kind, label, number in database.execute("SELECT document, kind, label, number FROM tally")
        if number
    }
    counted: dict[tuple[int, str, str], int] = {}
    for kind, (table, condition, label) in _COUNTED.items():
        query = f"SELECT document, {label}, count(*) FROM {table} WHERE {condition} GROUP BY 1, 2"
        for document, name, number in database.execute(query):
            counted[document, kind, name] = number
            counted[0, kind, name] = counted.get((0, kind, name), 0) + number
    for key in sorted(kept.keys() | counted.keys()):
        document, kind, label = key
        if kept.get(key, 0) != counted.get(key, 0):
            where = f"document {document}" if document else "project"
            what = f"{kind} {label}".strip()
            yield Fault("counts", where, f"{what}: {kept.get(key, 0):,} kept, {counted.get(key, 0):,} there")


def _mentions(database: sqlite3.Connection) -> Iterator[Fault]:
    """Check what the queue looks labels of the same words up in."""
    there = (
        "SELECT document, start, end, label, source FROM decision UNION ALL "
        f"SELECT document, start, end, label, 'model' FROM suggestion WHERE {OPEN}"
    )
    kept = "SELECT document, start, end, label, source FROM mention"
    for left, right, what in ((there, kept, "missing from"), (kept, there, "left behind in")):
        (number,) = database.execute(f"SELECT count(*) FROM ({left} EXCEPT SELECT * FROM ({right}))").fetchone()
        if number:
            yield Fault("counts", "mention", f"{number:,} spans are {what} the table of their words")
    # What a file says is counted when it is there whole.
    whole = "WHERE document IN (SELECT id FROM document WHERE source NOT IN (SELECT source FROM unread_source))"
    for left, right in ((f"mention {whole}", "mention_by_text"), ("mention_by_text", "mention")):
        query = f"SELECT count(*) FROM (SELECT {MENTION} FROM {left} EXCEPT SELECT {MENTION} FROM {right})"
        (number,) = database.execute(query).fetchone()
        if number:
            yield Fault("counts", "mention", f"{number:,} spans are not where their words are looked up")
    query = (
        "SELECT count(*) FROM (SELECT text, label, count(*) FROM mention_by_text GROUP BY 1, 2 "
        "EXCEPT SELECT text, label, number FROM label_usage)"
    )
    (number,) = database.execute(query).fetchone()
    if number:
        yield Fault("counts", "label_usage", f"the labels of {number:,} words are counted wrong")


def _journal(database: sqlite3.Connection) -> Iterator[Fault]:
    """Check that each entry can be read and that its state is what the entries after it made of it."""
    closed = dict(
        database.execute(
            "SELECT document, max(id) FROM journal WHERE verb = ? GROUP BY document", (Verb.REREAD.stored,)
        ).fetchall()
    )
    turned: dict[int, Verb] = {}
    turns = "SELECT target, verb FROM journal WHERE target NOT NULL ORDER BY id"
    for target, verb in database.execute(turns):
        turned[target] = Verb.named(verb)
    numbers: set[int] = set()
    query = "SELECT id, document, verb, removed, added, target, state FROM journal ORDER BY id"
    for identifier, document, verb, removed, added, target, state in database.execute(query):
        where = f"journal entry {identifier} ({verb})"
        try:
            load_items(removed), load_items(added)
        except (ValueError, TypeError) as error:
            yield Fault("journal", where, f"it cannot be read: {error}")
        if target is not None or verb == Verb.REREAD.stored:
            if target is not None and target not in numbers:
                yield Fault("journal", where, f"it turns entry {target}, which there is not before it")
            continue
        numbers.add(identifier)
        last = turned.get(identifier, Verb.REDO)
        if identifier < closed.get(document, 0):
            if state != -1:
                yield Fault("journal", where, "in force, though its text was read anew since")
        elif (state == 1) is not (last is Verb.REDO):
            said = "in force" if state == 1 else "taken back"
            yield Fault("journal", where, f"said to be {said}, while the entries after it say otherwise")
