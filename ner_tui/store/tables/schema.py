"""The tables of a project file. Whoever changes them gives them a new version, and ``migrations`` the way there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

from ner_tui.store.file.sqlite_hardening import SCHEMA, Schema, schema_of
from ner_tui.store.tables.predicates import INDEXED, WEIGHT
from ner_tui.store.tables.triggers import triggers

VERSION = 5
"""Schema version, kept in ``PRAGMA user_version``."""
APPLICATION_ID = 0x4E455250
"""``NERP``: tells a project file from any other SQLite database."""
FORMER_ID = 0x4E455254
"""``NERT``: project files made before the first release, which are not read."""

_TABLES = f"""
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, encoding TEXT NOT NULL,
    bom INTEGER NOT NULL, format TEXT NOT NULL, scheme TEXT,
    content BLOB NOT NULL);
CREATE TABLE source_piece (source INTEGER NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (source, number));
CREATE TABLE saved_source (source INTEGER PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE saved_piece (source INTEGER NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (source, number));
CREATE TABLE unread_source (
    source INTEGER PRIMARY KEY, documents INTEGER NOT NULL, sentences INTEGER NOT NULL, options TEXT NOT NULL);
CREATE TABLE suggesting_source (source INTEGER PRIMARY KEY);
CREATE TABLE labelled_source (source INTEGER PRIMARY KEY);
CREATE TABLE document (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source, name TEXT NOT NULL, origin TEXT NOT NULL,
    words INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 0, cursor INTEGER NOT NULL DEFAULT 0);
CREATE INDEX document_source ON document (source);
CREATE TABLE sentence (
    document INTEGER NOT NULL, start INTEGER NOT NULL, text TEXT NOT NULL, tokens BLOB NOT NULL,
    line INTEGER NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE metadata (
    document INTEGER NOT NULL, start INTEGER NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE problem (
    document INTEGER NOT NULL, start INTEGER NOT NULL, reason TEXT NOT NULL, end INTEGER NOT NULL,
    PRIMARY KEY (document, start, reason)) WITHOUT ROWID;
CREATE TABLE sentence_state (
    document INTEGER NOT NULL, start INTEGER NOT NULL, status TEXT NOT NULL, flagged INTEGER NOT NULL,
    PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE INDEX sentence_state_begun ON sentence_state (document, start) WHERE status = 'in progress';
CREATE TABLE decision (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    source TEXT NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE rejection (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    PRIMARY KEY (document, start, end, label)) WITHOUT ROWID;
CREATE TABLE note (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (document, start, end)) WITHOUT ROWID;
CREATE TABLE suggestion (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    score REAL NOT NULL, margin REAL NOT NULL, alternatives TEXT NOT NULL, run INTEGER NOT NULL,
    also TEXT NOT NULL DEFAULT '[]', state INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (document, start, end, label)) WITHOUT ROWID;
CREATE INDEX suggestion_doubt ON suggestion (document, start) WHERE {INDEXED};
CREATE INDEX suggestion_weight ON suggestion (state, {WEIGHT} DESC, document, start) WHERE {INDEXED};
CREATE TABLE covered_suggestion (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    run INTEGER NOT NULL, score REAL NOT NULL, margin REAL NOT NULL, alternatives TEXT NOT NULL,
    PRIMARY KEY (document, start, end, label, run)) WITHOUT ROWID;
CREATE TABLE prediction_run (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, settings TEXT NOT NULL,
    time REAL NOT NULL, UNIQUE (source, name, version, settings));
CREATE TABLE block (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, words INTEGER NOT NULL,
    PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE block_run (
    document INTEGER NOT NULL, start INTEGER NOT NULL, source TEXT NOT NULL, run INTEGER NOT NULL,
    PRIMARY KEY (document, start, source)) WITHOUT ROWID;
CREATE INDEX block_run_run ON block_run (run, document, start);
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, annotator TEXT NOT NULL, document INTEGER NOT NULL,
    verb TEXT NOT NULL, removed TEXT NOT NULL, added TEXT NOT NULL, cursor INTEGER NOT NULL,
    target INTEGER, state INTEGER NOT NULL, batch INTEGER);
CREATE INDEX journal_batch ON journal (batch) WHERE batch NOT NULL;
CREATE INDEX journal_active ON journal (id) WHERE state = 1;
CREATE INDEX journal_undone ON journal (id) WHERE state = 0;
CREATE INDEX journal_place ON journal (document, cursor) WHERE state = 1;
CREATE TABLE tally (
    document INTEGER NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (document, kind, label)) WITHOUT ROWID;
CREATE TABLE mention (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, label TEXT NOT NULL,
    source TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (document, start, end, label, source)) WITHOUT ROWID;
CREATE TABLE mention_by_text (
    text TEXT NOT NULL, label TEXT NOT NULL, document INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (text, label, document, start, end, source)) WITHOUT ROWID;
CREATE TABLE label_usage (
    text TEXT NOT NULL, label TEXT NOT NULL, number INTEGER NOT NULL, others INTEGER NOT NULL DEFAULT 0,
    weight REAL NOT NULL DEFAULT 0, PRIMARY KEY (text, label)) WITHOUT ROWID;
CREATE UNIQUE INDEX label_usage_weight ON label_usage (weight DESC, text, label) WHERE weight > 0;
CREATE TABLE audit (
    document INTEGER NOT NULL, start INTEGER NOT NULL, rank INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
    drawn INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE INDEX audit_rank ON audit (rank);
CREATE INDEX audit_drawn ON audit (document, start) WHERE drawn;
CREATE TABLE sample (
    name TEXT NOT NULL, document INTEGER NOT NULL, start INTEGER NOT NULL,
    PRIMARY KEY (name, document, start)) WITHOUT ROWID;
CREATE TABLE possible_error (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, given TEXT NOT NULL,
    proposed TEXT NOT NULL, probability REAL NOT NULL, reasons TEXT NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE INDEX possible_error_order ON possible_error (probability DESC, document, start);
CREATE TABLE triggers_off (one INTEGER NOT NULL);
"""
"""``source_piece`` holds the text of files beyond the first piece, which is in ``source``; ``saved_source`` and
``saved_piece`` what files became by being saved over: what they were read as, which the journal begins with, stays in
the others; ``unread_source`` the files that are not read whole yet; ``suggesting_source`` those that brought
suggestions of their own, ``labelled_source`` those that brought labels; ``metadata`` what a source says of a document,
at -1, and of a sentence, at its start; ``covered_suggestion`` what sources said of a place where another's word is
likelier; ``possible_error`` what an audit of the labels found last, its spans as JSON. The columns of a key come first
in every table without rowid: SQLite's own check takes others for empty. ``label_usage_weight`` is unique so that what
is joined to it needs no sorting."""
OF_DOCUMENTS = (
    "suggestion", "covered_suggestion", "decision", "rejection", "sentence_state", "note", "problem", "audit",
    "possible_error", "metadata", "sentence", "block", "block_run",
)  # fmt: skip
"""The tables whose rows are about a document, those that others stand on last."""


def make_tables(database: sqlite3.Connection) -> None:
    """Make the tables of a new project."""
    database.executescript(
        f"BEGIN IMMEDIATE; {_TABLES} {triggers()} "
        f"PRAGMA user_version = {VERSION}; PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
    )


@cache
def own_schema() -> Schema:
    """Return how each thing in a new project's schema is made."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        make_tables(database)
        return schema_of(database.execute(SCHEMA))
