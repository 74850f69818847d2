"""The project's labels in the project file: the list, and which labels of a model are called otherwise here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from ner_tui.domain.annotation.edits import Alias, LabelEntry, LabelRename, ProjectItem
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.labels import Label, LabelSet
from ner_tui.domain.spans import Span
from ner_tui.store.codec import dump_label

_TABLES = ("decision", "rejection", "suggestion")


class LabelTable:
    """The labels and aliases of a project, as settings that edits change like anything else."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._known: tuple[str, LabelSet] = ("[]", LabelSet())

    @property
    def labels(self) -> LabelSet:
        """The project's labels."""
        written = self._setting("labels", "[]")
        if written != self._known[0]:
            rows = json.loads(written)
            self._known = written, LabelSet(tuple(Label(*row) for row in rows))
        return self._known[1]

    @labels.setter
    def labels(self, labels: LabelSet) -> None:
        self._set("labels", [dump_label(label) for label in labels])

    @property
    def aliases(self) -> dict[str, str]:
        """What a model's labels, in the project's first words for them, are called now."""
        return dict(json.loads(self._setting("aliases", "{}")))

    def carried(self, name: str) -> int:
        """Return how many decisions, rejections and suggestions of the project carry a label."""
        counts = (f"(SELECT count(*) FROM {table} WHERE label = :name)" for table in _TABLES)
        return int(self._database.execute(f"SELECT {' + '.join(counts)}", {"name": name}).fetchone()[0])

    def is_read(self, name: str) -> bool:
        """Whether an alternative of a suggestion has a label, listed or not."""
        row = self._database.execute(
            "SELECT EXISTS (SELECT 1 FROM suggestion WHERE instr(alternatives, ?))", (json.dumps(name),)
        ).fetchone()
        return bool(row[0])

    def documents_with(self, name: str) -> list[int]:
        """Return the ids of the documents where anything carries a label, in order."""
        query = " UNION ".join(f"SELECT document FROM {table} WHERE label = :name" for table in _TABLES)
        return [row[0] for row in self._database.execute(f"{query} ORDER BY 1", {"name": name})]

    def in_current_names(self, suggestions: Iterable[Suggestion]) -> Iterable[Suggestion]:
        """Return what a model says, in the names that the labels have now."""
        aliases = self.aliases
        if not aliases:
            return suggestions
        return [_called(suggestion, aliases, aliases) for suggestion in suggestions]

    def unmerged(self, suggestions: Iterable[Suggestion]) -> Iterable[Suggestion]:
        """Return stored suggestions, those of labels that were merged into others since in the names of these."""
        gone = self.merged(self.labels)
        return [_called(suggestion, gone, gone) for suggestion in suggestions] if gone else suggestions

    def merged(self, listed: LabelSet) -> dict[str, str]:
        """Return the names that are not ``listed`` any more because they were merged into others, and into which."""
        return {said: label for said, label in self.aliases.items() if listed.find(said) is None}

    def with_listed_readings(self, suggestion: Suggestion, merged: dict[str, str] | None = None) -> Suggestion:
        """Return a stored suggestion whose alternatives speak of no label that was merged into another since.

        Args:
            suggestion: as it is stored.
            merged: what ``merged`` returns, where it is known.
        """
        if not suggestion.alternatives:
            return suggestion
        gone = self.merged(self.labels) if merged is None else merged
        return _called(suggestion, {}, gone) if gone else suggestion

    def put(self, item: ProjectItem) -> None:
        """Add an item."""
        match item:
            case LabelEntry(label, at):
                self.labels = self.labels.with_label(label, at)
            case Alias(said, label):
                self._set("aliases", {**self.aliases, said: label})
            case LabelRename(old, new):
                self._rename(old, new)

    def take(self, item: ProjectItem) -> None:
        """Remove an item."""
        match item:
            case LabelEntry(label):
                self.labels = self.labels.without(label.name)
            case Alias(said):
                self._set("aliases", {each: label for each, label in self.aliases.items() if each != said})
            case LabelRename(old, new):
                self._rename(new, old)

    def _rename(self, old: str, new: str) -> None:
        for table in (*_TABLES, "covered_suggestion"):
            self._database.execute(f"UPDATE OR IGNORE {table} SET label = ? WHERE label = ?", (new, old))
            # A file read meanwhile may have brought the other name back: what says the same twice is said once.
            self._database.execute(f"DELETE FROM {table} WHERE label = ?", (old,))
        quoted = [json.dumps(name) for name in (old, new)]
        for table in ("suggestion", "covered_suggestion"):
            self._database.execute(
                f"UPDATE {table} SET alternatives = replace(alternatives, ?, ?) WHERE instr(alternatives, ?)",
                (*quoted, quoted[0]),
            )
        for column in ("given", "proposed"):
            self._database.execute(
                f"UPDATE possible_error SET {column} = replace({column}, ?, ?) WHERE instr({column}, ?)",
                (*(f",{name}]" for name in quoted), f",{quoted[0]}]"),
            )

    def _setting(self, name: str, default: str) -> str:
        row = self._database.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def _set(self, name: str, value: object) -> None:
        self._database.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (name, json.dumps(value, ensure_ascii=False)),
        )


def _called(suggestion: Suggestion, names: dict[str, str], of_readings: dict[str, str]) -> Suggestion:
    span = suggestion.span
    readings = tuple(
        replace(reading, label=of_readings.get(reading.label, reading.label)) if reading.label else reading
        for reading in suggestion.alternatives
    )
    label = names.get(span.label, span.label)
    return replace(suggestion, span=Span(span.start, span.end, label), alternatives=readings)
