"""Tags of JSON records by name: under which key they stand, and what those that are numbers are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ner_tui.domain.counting import counted
from ner_tui.formats.base import NamesMissing
from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import TOKENS, Record, records

TAGS = ("ner_tags", "tags", "labels")
"""Keys of the tags, the likeliest first."""


def words_key(value: Mapping[str, object]) -> str:
    """Return the key of a record's tokens."""
    return next((key for key in TOKENS if key in value), TOKENS[0])


def tags_key(value: Mapping[str, object]) -> str:
    """Return the key of a record's tags."""
    return next((key for key in TAGS if isinstance(value.get(key), list)), TAGS[0])


def tags_of(record: Record) -> list[object]:
    """Return the tags of a record's tokens as they stand.

    Raises:
        FormatError: there are more of them than tokens, or fewer.
    """
    key = tags_key(record.value)
    tags = record.items(key)
    tokens = record.items(words_key(record.value))
    if len(tags) != len(tokens):
        raise record.error(f"it has {counted(len(tokens), 'token')} and {counted(len(tags), 'tag')} in {key!r}")
    return tags


@dataclass(slots=True)
class TagNames:
    """The names of tags that are numbers."""

    names: Mapping[object, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source) -> TagNames:
        """Return the names that a person gave, if any."""
        return cls(dict(enumerate(source.tag_names)))

    @classmethod
    def told(cls, source: Source) -> TagNames:
        """Return the names that the last record gives that gives some, or else a person."""
        names = cls.of(source)
        for record in records(source):
            names._update_names(record)
        return names

    def tags(self, record: Record) -> list[str]:
        """Return the tags of a record's tokens by name."""
        self._update_names(record)
        tags = tags_of(record)
        return [tag if type(tag) is str else self._named(record, tag) for tag in tags]

    def _named(self, record: Record, tag: object) -> str:
        if type(tag) is not int:
            return record.string(tag, "a tag")
        if not self.names:
            raise NamesMissing(
                record.path,
                record.line,
                "tags are numbers: give their names in order with --names O,B-PER,… or --names FILE, "
                'or in the first record as "names": ["O", "B-PER", …]',
            )
        if tag not in self.names:
            named = counted(len(self.names), "number has", "numbers have")
            raise record.error(f"the tag {tag} has no name: {named} one")
        return self.names[tag]

    @property
    def numbered(self) -> tuple[str, ...]:
        """The names that are known by now, in order; none where the numbers do not count from 0."""
        numbers = range(len(self.names))
        return tuple(self.names[at] for at in numbers) if {*self.names} == {*numbers} else ()

    def _update_names(self, record: Record) -> None:
        names: Iterable[tuple[object, object]] = ()
        if isinstance(listed := record.value.get("names"), list):
            names = enumerate(listed)
        elif isinstance(mapped := record.value.get("id2label"), dict):
            names = [(int(key) if key.isdecimal() and len(key) < 9 else key, name) for key, name in mapped.items()]
        given = {number: record.string(name, "the name of a tag") for number, name in names}
        self.names = given or self.names
