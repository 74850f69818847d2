"""What becomes of JSON records with ids and further keys: the third table of ``benchmarks/roundtrip.py``.

For each format, some records of this script in several styles of writing JSON, and each file of records among DATA:

- same: with the spans that it has it is the same bytes
- relabel one: each of up to 20 spans alone gets another label, and the bytes of its label are all that changes
- A, B, A: a label is changed everywhere and changed back, and it is the same bytes
- others: by way of each other format that keeps metadata, these and the spans are the same

With --speed, how many tokens a second go from file to file with every tenth span relabelled, on one processor.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import process_time

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import NO_METADATA, AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import FORMATS, WRITERS, Inference, Source, WriteOptions, infer_format, open_source, read, write
from ner_tui.formats.registry import encoding_of
from ner_tui.formats.rewriting import is_records, rewrite

_MOST_RELABELS = 20
_NEW = "NEW"
_SENTENCES = 20
"""Of a document whose rewriting is timed."""
_NAMES = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", f"B-{_NEW}", f"I-{_NEW}")
_STYLES: dict[str, tuple[int | None, tuple[str, str], bool]] = {
    "as Python writes it": (None, (", ", ": "), True),
    "without blanks": (None, (",", ":"), False),
    "over lines": (2, (",", ": "), False),
}
_TABLES = ("csv", "parquet")
_TEXT = "Ada Lee 😀 left Łódź for Oslo."
_SPANS = [(0, 7, "PER"), (15, 19, "LOC"), (24, 28, "LOC")]
_OTHERS = {"id": 9007199254740993, "score": 1.0, "none": None, "nested": {"b": [1, {"a": ""}], "a": "é"}}


def _own() -> Iterator[tuple[str, list[object]]]:
    """Yield records of each format, with what is easily lost."""
    objects = [{"start": start, "end": end, "label": label, "x": 0} for start, end, label in _SPANS]
    triples = [list(span) for span in _SPANS]
    words = _TEXT.split(" ")
    tags = ["B-PER", "I-PER", "O", "O", "B-LOC", "O", "B-LOC"]
    results = [
        {"id": f"r{start}", "type": "labels", "from_name": "l", "to_name": "t",
         "value": {"start": start, "end": end, "text": _TEXT[start:end], "labels": [label]}}
        for start, end, label in _SPANS
    ]  # fmt: skip
    empty: dict[str, object] = {"id": 2, "text": ""}
    yield "jsonl", [{"id": "a", "text": _TEXT, "spans": objects, **_OTHERS}, empty]
    yield "prodigy", [{"text": _TEXT, "meta": _OTHERS, "_task_hash": -5, "spans": objects, "answer": "accept"}, empty]
    yield "doccano", [{"text": _TEXT, "label": triples, **_OTHERS}, {**empty, "label": []}]
    yield "spacy-jsonl", [{"text": _TEXT, "entities": triples, "meta": _OTHERS}, {**empty, "entities": []}]
    yield "hf", [{**_OTHERS, "tokens": words, "ner_tags": tags}, {"id": 3, "tokens": ["So"], "ner_tags": ["O"]}]
    yield "hf", [{**_OTHERS, "tokens": words, "ner_tags": [_NAMES.index(tag) for tag in tags]}]
    yield (
        "label-studio",
        [
            {
                "id": 1,
                "data": {"text": _TEXT, **_OTHERS},
                "meta": {"batch": 4},
                "annotations": [{"id": 5, "result": results}],
            },
            {"data": {"text": "b"}},
        ],
    )
    yield "gliner", [{"tokenized_text": words, "ner": [[0, 1, "PER"], [4, 4, "LOC"], [6, 6, "LOC"]], "note": "x"}]


def table(paths: Iterable[Path]) -> int:
    """Print the table, and return how many of its cells say no."""
    print("\n| records | format | same | relabel one | A, B, A | others |\n|---|---|---|---|---|---|")
    failures = 0
    for fmt, values in _own():
        for style, (indent, separators, ascii_only) in _STYLES.items():
            made = [json.dumps(v, indent=indent, separators=separators, ensure_ascii=ascii_only) for v in values]
            text = f"[{', '.join(made)}]\n" if fmt in ("gliner", "label-studio") else "\n".join([*made, ""])
            source = Source(f"{fmt}.json", "", text, "utf-8", False, "\n", _NAMES)
            failures += _row(style, source, infer_format(source, fmt))
    for path in paths:
        with suppress(InputError):
            source = open_source(str(path), tag_names=_NAMES)
            inference = infer_format(source)
            if is_records(inference.format):
                failures += _row(path.name, source, inference)
    return failures


def _row(name: str, source: Source, inference: Inference) -> int:
    items = _items(source, inference)
    checks: list[Callable[[], bool]] = [
        lambda: _rewritten(source, inference, items) == source.text,
        lambda: _relabelled(source, inference, items),
        lambda: _there_and_back(source, inference, items),
        lambda: _by_way_of_others(inference, items),
    ]
    cells = [check() for check in checks]
    print(f"| {name} | {inference.format} | {' | '.join('yes' if cell else '**no**' for cell in cells)} |", flush=True)
    return cells.count(False)


def _items(source: Source, inference: Inference) -> list[StreamItem]:
    return list(read(source, inference=inference))


def _rewritten(source: Source, inference: Inference, items: Iterable[StreamItem]) -> str:
    return "".join(rewrite(source, inference, items))


def _relabelled(source: Source, inference: Inference, items: Sequence[StreamItem]) -> bool:
    places = [
        (at, number)
        for at, item in enumerate(items)
        if isinstance(item, AnnotatedSentence)
        for number in range(len(item.spans))
    ]
    for at, number in places[:: len(places) // _MOST_RELABELS + 1]:
        item = items[at]
        assert isinstance(item, AnnotatedSentence)
        span = item.spans[number]
        new = replace(item, spans=(*item.spans[:number], replace(span, label=_NEW), *item.spans[number + 1 :]))
        made = _rewritten(source, inference, [*items[:at], new, *items[at + 1 :]])
        if not _only_the_label(source.text, made, span, inference.format):
            return False
    return True


def _only_the_label(before: str, after: str, span: Span, fmt: str) -> bool:
    """Whether two texts differ in the label of one span alone; in Hugging Face's records it has several tags."""
    head = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    tail = next((at for at, (a, b) in enumerate(zip(before[::-1], after[::-1], strict=False)) if a != b), 0)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if fmt == "hf":
        pieces = old.replace(span.label, _NEW)
        return pieces == new or not set(old + new) - set("0123456789, \n")
    return len(old) <= len(span.label) and len(new) <= len(_NEW)


def _there_and_back(source: Source, inference: Inference, items: Sequence[StreamItem]) -> bool:
    labels = Counter(span.label for item in items if isinstance(item, AnnotatedSentence) for span in item.spans)
    if not labels:
        return True
    label = labels.most_common(1)[0][0]
    there = replace(source, text=_rewritten(source, inference, _renamed(items, label, _NEW)))
    back = _rewritten(there, inference, _renamed(_items(there, inference), _NEW, label))
    return there.text != source.text and back == source.text


def _renamed(items: Iterable[StreamItem], before: str, after: str) -> Iterator[StreamItem]:
    for item in items:
        if isinstance(item, AnnotatedSentence):
            item = replace(item, spans=tuple(replace(s, label=after) if s.label == before else s for s in item.spans))
        yield item


def _by_way_of_others(inference: Inference, items: Sequence[StreamItem]) -> bool:
    with_suggestions = any(isinstance(item, AnnotatedSentence) and item.suggestions for item in items)
    others = [
        fmt
        for fmt in WRITERS
        if fmt != inference.format
        and FORMATS[fmt].keeps_metadata
        and (FORMATS[fmt].keeps_suggestions or not with_suggestions)
    ]
    words, metadata = _known(items)
    for fmt in others:
        there = _known(_written(items, fmt))
        # The cells of a table are text, and columns beside a word are no metadata.
        if there[0] != words or (fmt not in _TABLES and there[1] != metadata):
            return False
    return True


def _written(items: Iterable[StreamItem], fmt: str) -> list[StreamItem]:
    """Return a stream as it is read after it was written in another format."""
    out = io.StringIO(newline="")
    write(items, out, WriteOptions(fmt, lossy=lambda _: None, tell=lambda _: None))
    source = Source(f"there.{fmt}", "", out.getvalue(), encoding_of(fmt), False, "\n")
    return _items(source, infer_format(source, fmt))


def _known(items: Iterable[StreamItem]) -> tuple[list[str], list[str]]:
    """Return each span's words, label and score, and the metadata but for those that name a document.

    Which sentences are of which record, and where blanks are, differs where a format has tokens alone; so does what is
    said of a record without a word.
    """
    words, metadata, head = list[str](), list[str](), NO_METADATA
    for item in items:
        if isinstance(item, DocumentStart):
            head = item.metadata
        elif isinstance(item, AnnotatedSentence) and item.sentence.tokens:
            start, text = item.sentence.start, item.sentence.text
            words += [f"{text[s.start - start : s.end - start]} {s.label}" for s in item.spans]
            words += [f"{s.span.label} {s.score:.4f} {s.margin:.4f} {s.model}" for s in item.suggestions]
            given = {**head, **item.metadata}
            metadata += [json.dumps([key, given[key]]) for key in given if key not in ("source", "document")]
            head = NO_METADATA
    return words, sorted({*metadata})


def speed(path: Path) -> None:
    """Print how fast records are changed in place, made of a file's sentences."""
    source = open_source(str(path))
    read = [item for item in _items(source, infer_format(source)) if not isinstance(item, Problem)]
    words = sum(len(item.sentence.tokens) for item in read if isinstance(item, AnnotatedSentence))
    items = list(_in_documents(read))
    print("\n| format | tokens a second, changed in place |\n|---|---|")
    for fmt in filter(is_records, WRITERS):
        out = io.StringIO(newline="")
        write(items, out, WriteOptions(fmt, lossy=lambda _: None, tell=lambda _: None))
        made = Source(f"there.{fmt}", "", out.getvalue(), "utf-8", False, "\n")
        inference = infer_format(made, fmt)
        new, times = list(_every_tenth(_items(made, inference))), []
        for _ in range(3):
            begun = process_time()
            for _ in rewrite(made, inference, new):
                pass
            times.append(process_time() - begun)
        print(f"| {fmt} | {words / sorted(times)[1]:,.0f} |", flush=True)


def _in_documents(items: Iterable[StreamItem]) -> Iterator[StreamItem]:
    """Yield sentences in documents of a few."""
    sentences = (item for item in items if isinstance(item, AnnotatedSentence))
    for number, item in enumerate(sentences):
        if number % _SENTENCES == 0:
            yield DocumentStart(f"d{number}", "tokens")
        yield item


def _every_tenth(items: Sequence[StreamItem]) -> Iterator[StreamItem]:
    """Yield a stream in which the first span of every tenth sentence with spans has another label that occurs."""
    spans = (span for item in items if isinstance(item, AnnotatedSentence) for span in item.spans)
    labels = list(dict.fromkeys(span.label for span in spans))
    number = 0
    for item in items:
        if isinstance(item, AnnotatedSentence) and item.spans:
            number += 1
            if number % 10 == 0:
                first, *rest = item.spans
                other = labels[(labels.index(first.label) + 1) % len(labels)]
                item = replace(item, spans=(replace(first, label=other), *rest))
        yield item
