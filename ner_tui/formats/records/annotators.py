r"""Records of several annotators in one file, as Prodigy and Label Studio export them, taken apart.

In Prodigy each annotator's answer is a record of its own, with the same text::

    {"text": "Ada left.", "spans": […], "answer": "accept", "_session_id": "news-ana", "_annotator_id": "ana"}

In Label Studio a task has an annotation of each, whose ``completed_by`` is a number or an object with an address::

    {"data": {"text": "Ada left."}, "annotations": [{"completed_by": 1, "result": […]}, {"completed_by": 2, …}]}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from ner_tui.formats.files.source import Source
from ner_tui.formats.records.records import records

Parts = Iterable[tuple[str, Mapping[str, object]]]


def by_annotator(source: Source, fmt: str) -> dict[str, Source]:
    """Return a source for each annotator of a file, by name, in the order in which they occur.

    Empty where it does not say of two or more who did what.

    Raises:
        FormatError: it is no file of records.
    """
    take: Callable[[Mapping[str, object]], Parts] | None = _PARTS.get(fmt)
    if take is None:
        return {}
    found: dict[str, list[str]] = {}
    for record in records(source):
        for name, part in take(record.value):
            found.setdefault(name, []).append(json.dumps(part, ensure_ascii=False))
    if len(found) < 2:
        return {}
    # Half of a surrogate pair stays what the reader refuses.
    return {name: source.with_text("\n".join(lines) + "\n") for name, lines in found.items()}


def _of_prodigy(value: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    return _named(value, "_annotator_id", "_session_id")


def _of_jsonl(value: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    return _named(value, "annotator")


def _named(value: Mapping[str, object], *keys: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    name = next((name for key in keys if isinstance(name := value.get(key), str) and name), None)
    if name is not None:
        yield name, value


def _of_label_studio(value: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    said: dict[str, object] = {}
    for key in ("annotations", "completions"):
        listed = value.get(key)
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and not each.get("was_cancelled") and (name := _who(each)):
                # The last answer of a person is the one that holds.
                said[name] = each
    for name, answer in said.items():
        rest = {key: each for key, each in value.items() if key not in ("annotations", "completions", "predictions")}
        yield name, {**rest, "annotations": [answer]}


def _who(answer: Mapping[str, object]) -> str:
    """Return who made an annotation; empty if it does not say."""
    said = answer.get("completed_by")
    if isinstance(said, dict):
        said = next((said[key] for key in ("email", "username", "id") if said.get(key)), None)
    return str(said) if isinstance(said, str | int) and str(said) else ""


_PARTS: Mapping[str, Callable[[Mapping[str, object]], Parts]] = {
    "jsonl": _of_jsonl,
    "prodigy": _of_prodigy,
    "label-studio": _of_label_studio,
}
