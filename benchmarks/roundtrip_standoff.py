"""What becomes of texts with spans in the formats of other tools: the second table of ``benchmarks/roundtrip.py``.

For each format, a document is written in it, from some lines of this script and from the first document of each file:

- same: read and written in the same format it is the same bytes
- relabel one: each of up to 20 spans alone gets another label, and that label is all that changes
- A, B, A: by way of JSON Lines it is the same bytes
- peer: the text and the spans as the format's own library reads them: cassis, spaCy; where there is none that is kept,
  or it is not installed, the cell says so
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from ner_tui.domain.schemes import decode
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import FORMATS, WriteOptions, encoding_of, infer_format, open_source, read, write
from ner_tui.formats.files.atomic import atomic_writer, files_beside

_MOST_RELABELS = 20
_NEW = "NEW"
_NEEDS = {"xmi": "cassis", "cas-json": "cassis", "spacy": "spacy", "parquet": "datasets"}
_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"

Known = tuple[str, list[tuple[int, int, str]]]
"""A text and its spans."""


def _own() -> str:
    """Return a document of what is easily lost: emoji, several blanks, line ends, escapes, spans that touch."""
    texts = [("😀 ", ""), ("Eva Kim", "PER"), (" met [Bo|_ *\\] ", ""), ("Łódź", "L_O|C"), ("\r\n\r\n", ""),
             ("Ng", "PER"), (" ", ""), ("Li", "PER"), (" left.\tSo  did ", ""), ("I", "PER"), (".\n", "")]  # fmt: skip
    text, spans = "", []
    for piece, label in texts:
        if label:
            spans.append([len(text), len(text) + len(piece), label])
        text += piece
    return json.dumps({"text": text, "label": spans}) + "\n"


def _gliner(path: Path) -> Known:
    text, spans = "", list[tuple[int, int, str]]()
    for record in json.loads(path.read_text(encoding="utf-8")):
        words = record["tokenized_text"]
        starts = [len(text) + sum(len(word) + 1 for word in words[:at]) for at in range(len(words))]
        spans += [(starts[first], starts[last] + len(words[last]), label) for first, last, label in record["ner"]]
        text += " ".join(words)
    return text, spans


def _cassis(path: Path) -> Known:
    import cassis

    if path.suffix == ".xmi":
        types = cassis.load_typesystem(path.with_suffix(".typesystem.xml"))
        cas = cassis.load_cas_from_xmi(path, typesystem=types)
    else:
        cas = cassis.load_cas_from_json(path.read_text(encoding="utf-8"))
    return cas.sofa_string, [(each.begin, each.end, each.value) for each in cas.select(_ENTITY)]


def _spacy(path: Path) -> Known:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    (doc,) = DocBin().from_disk(path).get_docs(Vocab())
    return doc.text, [(each.start_char, each.end_char, each.label_) for each in doc.ents]


def _datasets(path: Path) -> Known:
    """Read tokens and numbered tags, or texts and spans, whose sentences are parted as we part them."""
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    with TemporaryDirectory() as cache:
        found = Dataset.from_parquet(str(path), cache_dir=cache)
        if "text" in found.features:
            texts = list(found["text"])
            spans = [(each["start"], each["end"], each["label"]) for each in found["spans"][0]]
            return texts[0], spans
        names = found.features["ner_tags"].feature.names
        rows = list(zip(found["tokens"], found["ner_tags"], strict=True))
    text, spans = "", list[tuple[int, int, str]]()
    for words, numbers in rows:
        text += "\n" if text else ""
        starts = [len(text) + sum(len(word) + 1 for word in words[:at]) for at in range(len(words))]
        spans += [
            (starts[first], starts[last - 1] + len(words[last - 1]), label)
            for first, last, label in decode([names[number] for number in numbers])
        ]
        text += " ".join(words)
    return text, spans


def _csv(path: Path) -> Known:
    """Read a table with the standard library."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if "word" not in rows[0]:
        return rows[0]["text"], [(s["start"], s["end"], s["label"]) for s in json.loads(rows[0]["spans"])]
    text, spans = "", list[tuple[int, int, str]]()
    for _, group in groupby(rows, lambda row: row["sentence"]):
        words, tags = zip(*((row["word"], row["tag"]) for row in group), strict=True)
        text += "\n" if text else ""
        starts = [len(text) + sum(len(word) + 1 for word in words[:at]) for at in range(len(words))]
        spans += [(starts[f], starts[e - 1] + len(words[e - 1]), label) for f, e, label in decode(tags)]
        text += " ".join(words)
    return text, spans


PEERS: dict[str, Callable[[Path], Known] | None] = {
    "webanno-tsv": None, "xmi": _cassis, "cas-json": _cassis, "spacy": _spacy, "gliner": _gliner,
    "csv": _csv, "parquet": _datasets,
}  # fmt: skip


def table(paths: Iterable[Path]) -> int:
    """Print the table, and return how many of its cells say no."""
    print("\n| document | format | same | relabel one | A, B, A | peer |\n|---|---|---|---|---|---|")
    failures = 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        own = folder / "own lines.jsonl"
        own.write_text(_own(), encoding="utf-8")
        for path in [own, *paths]:
            with suppress(InputError):
                source = open_source(str(path))
                items = _first(read(source, inference=infer_format(source)))
                if any(isinstance(item, AnnotatedSentence) and item.spans for item in items):
                    failures += _rows(folder, path.stem, items)
    return failures


def _first(items: Iterable[StreamItem]) -> list[StreamItem]:
    """Return the first document, or as much of it as is enough."""
    taken: list[StreamItem] = []
    for item in islice(items, 5_000):
        if isinstance(item, DocumentStart) and any(isinstance(each, AnnotatedSentence) for each in taken):
            break
        if isinstance(item, DocumentStart | AnnotatedSentence):
            taken.append(item)
    return taken


def _rows(folder: Path, name: str, items: Sequence[StreamItem]) -> int:
    failures = 0
    for fmt, peer in PEERS.items():
        if (package := _NEEDS.get(fmt)) and find_spec(package) is None:
            print(f"| {name} | {fmt} | {package} is not installed | | | |")
            continue
        path = folder / f"first{FORMATS[fmt].extension}"
        _written(items, fmt, path)
        cells = [_same(folder, path, fmt), _relabelled(folder, path, fmt), _there_and_back(folder, path, fmt)]
        if peer is not None:
            # GLiNER has tokens alone.
            cells.append(peer(path) == (_known(_read(path)) if fmt == "gliner" else _known(items)))
        failures += cells.count(False)
        shown = ["yes" if cell else "**no**" for cell in cells] + ([] if peer else ["no library"])
        print(f"| {name} | {fmt} | {' | '.join(shown)} |", flush=True)
    return failures


def _written(items: Iterable[StreamItem], fmt: str, path: Path) -> None:
    for each in path.parent.glob(f"{path.stem}.*"):
        each.unlink()
    with atomic_writer(path, encoding_of(fmt)) as out, files_beside(str(path)) as beside:
        write(items, out, WriteOptions(fmt, lossy=lambda _: None, tell=lambda _: None, beside=beside))


def _read(path: Path) -> list[StreamItem]:
    source = open_source(str(path))
    return list(read(source, inference=infer_format(source)))


def _known(items: Iterable[StreamItem]) -> Known:
    text, spans = "", list[tuple[int, int, str]]()
    for item in items:
        if isinstance(item, AnnotatedSentence):
            moved = len(text) - item.sentence.start
            spans += [(span.start + moved, span.end + moved, span.label) for span in item.spans]
            text += item.sentence.text
    return text, spans


def _same(folder: Path, path: Path, fmt: str) -> bool:
    again = folder / f"again{path.suffix}"
    _written(_read(path), fmt, again)
    return again.read_bytes() == path.read_bytes()


def _there_and_back(folder: Path, path: Path, fmt: str) -> bool:
    there, back = folder / "there.jsonl", folder / f"back{path.suffix}"
    _written(_read(path), "jsonl", there)
    _written(_read(there), fmt, back)
    return back.read_bytes() == path.read_bytes()


def _relabelled(folder: Path, path: Path, fmt: str) -> bool:
    items = _read(path)
    places = [
        (at, number)
        for at, item in enumerate(items)
        if isinstance(item, AnnotatedSentence)
        for number in range(len(item.spans))
    ]
    made = folder / f"made{path.suffix}"
    before = path.read_bytes().decode(encoding_of(fmt))
    for at, number in places[:: len(places) // _MOST_RELABELS + 1]:
        item = items[at]
        assert isinstance(item, AnnotatedSentence)
        span = item.spans[number]
        new = replace(item, spans=(*item.spans[:number], replace(span, label=_NEW), *item.spans[number + 1 :]))
        changed = [*items[:at], new, *items[at + 1 :]]
        _written(changed, fmt, made)
        if _known(_read(made)) != _known(changed):
            return False
        if not FORMATS[fmt].is_binary and not _only_label(before, made.read_bytes().decode(), span):
            return False
    return True


def _only_label(before: str, after: str, span: Span) -> bool:
    """Whether two files differ in nothing but one label, wherever the format writes it."""
    old = {span.label, json.dumps(span.label)[1:-1], re.sub(r"([_|\[\]*;\\])", r"\\\1", span.label)}
    pattern = re.compile("|".join(map(re.escape, sorted(old, key=len, reverse=True))) + f"|{_NEW}")
    return pattern.sub("?", before) == pattern.sub("?", after) and before != after
