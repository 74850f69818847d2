"""What ``benchmarks/fuzz.py`` throws broken bytes at: every reader, the configuration, dumps and project files.

A target does with a file all that the program would, and raises what a person must never see. Refusals in one sentence
are no fault.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from fuzz_projects import project, statements

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, StreamItem
from ner_tui.errors import FormatError, NerTuiError
from ner_tui.formats import (
    READERS,
    Inference,
    Source,
    WriteOptions,
    infer_format,
    open_source,
    read,
    read_packed,
    write,
)
from ner_tui.formats.rewriting import is_records, rewrite

if TYPE_CHECKING:
    pass


TESTS = Path(__file__).resolve().parents[1] / "tests"
CORPUS = TESTS / "fuzz" / "corpus"
BESIDE = b"\n====\n"
"""Between the bytes of a file and those of another that has to be beside it."""
_NAMES = {
    "label-studio": "x.json", "brat": "x.ann", "conllu": "x.conllu", "text": "x.txt", "webanno-tsv": "x.tsv",
    "xmi": "x.xmi", "cas-json": "x.json", "spacy": "x.spacy", "csv": "x.csv",
    "parquet": "x.parquet",
}  # fmt: skip
_WRITTEN = ("jsonl", "conll", "prodigy", "label-studio", "conllu", "webanno-tsv", "gliner")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads bytes."""

    run: Callable[[Path, bytes], None]
    """Takes an empty folder and the bytes; raises ``NerTuiError`` where it refuses them."""
    corpus: tuple[bytes, ...]
    pieces: tuple[bytes, ...]
    """What broken bytes are made of, besides those of the corpus."""
    weight: float = 1.0
    """Its share of the executions."""


_JSON = tuple(
    b'{|}|[|]|,|:|"|null|true|-1|0|1|3|1e999|99999999999999999999|0.5|"\\ud800"|"\\u0000"|"text"|"spans"|"start":|'
    b'"end":|"label":|"labels"|"tokens"|"entities"|"value"|"result"|"ner_tags"|"names"|"O"|"B-PER"|"a b"|[]|{}|\n|\xff|'
    b"\xf0\x9f|\xc2\x85".split(b"|")
)
_WORDS = {
    "webanno-tsv": tuple(
        b"\t|\n|_|*|[1]|[2]|\\|\\->|\\||\\t|1-1|1-1.1|2-1|0-3|3-4|0-999999999999|#Text=|#Text=\\|#T_SP=|#T_RL=x|\r|"
        b"#FORMAT=WebAnno TSV 3.1|#Sentence.id=1|\xf0\x9f\x98\x80|\xff".split(b"|")
    ),
    "xmi": tuple(
        b'<|>|/|"|&amp;|&#10;|&#0;|&a;|<!DOCTYPE a [|]>|<!ENTITY a "b">|<![CDATA[|xmi:id="2"|begin="0"|end="3"|'
        b'end="-1"|sofa="1"|value="PER"|value=""|members="2 3"|sofaString="|<cas:NULL/>|xmlns:x="y"|<x:y/>|\xff|'
        b"\xf0\x9f\x98\x80".split(b"|")
    ),
    "cas-json": (*_JSON, b'"%ID":', b'"%TYPE":', b'"@sofa":', b'"begin":', b'"%VIEWS":', b'"%RANGE":', b'"%FLAGS":'),
    "csv": tuple(
        b',|;|\t||"|""|\n|\r|\r\n|text|Word|Tag|Sentence #|O|B-PER|I|[|]|[[0, 3, ""X""]]|\xff|0|1'.split(b"|")
    ),
    "parquet": (b"PAR1", b"\x00", b"\xff", b"\x15", b"huggingface", b"tokens", b"text"),
    "spacy": (b"\x78\x9c", b"\x00", b"\xff", b"\x88", b"\xa7version", b"\xc5"),
}
_TOML = tuple(
    b'[|]|[[label]]|[app]|[keys]|=|"|\'|#|\n|\r\n|name = "X"|key = "1"|colour = 3|theme = |annotator = |"ctrl+n"|z c|'
    b'1e999|nan|inf|1979-05-27|{a=1}|a.b.c=1|\xff|\xef\xbb\xbf|\\u0000|\\ud800|"""|0x|true|[[[['.split(b"|")
)
_SETTINGS = tuple(
    b'"id2label":|"model_type":|"temperature":|"token_types":|"num_labels":|"max_position_embeddings":|"hidden_size":|'
    b'"architectures":|"attn_implementation":|"auto_map":|"weight_map":|"../x.safetensors"|"0":|"1":|1e30'.split(b"|")
)


def targets() -> dict[str, Target]:
    """Return everything there is to break, by name."""
    sys.path[:0] = [str(TESTS / "formats"), str(TESTS / "formats" / "columns")]
    from mutations import PIECES, SAMPLES

    pieces, columns = tuple(PIECES), tuple(SAMPLES.values())
    found = {"columns": Target(_columns(tuple(SAMPLES)), columns, pieces, 3.0)}
    for name in READERS:
        own = _corpus(name) or ((SAMPLES["ud.conllu"],) if name == "conllu" else columns)
        words = _WORDS.get(name) or (pieces if name in ("conll", "conll2003", "conllu", "text", "brat") else _JSON)
        found[name] = Target(_reader(name), own, words)
    found |= {
        "config": Target(_config, _corpus("config"), _TOML),
        "labels": Target(_labels, _corpus("labels"), _TOML),
        "recipe": Target(_recipe, _corpus("recipe"), _TOML, 0.3),
        "guidelines": Target(_guidelines, _corpus("guidelines"), pieces, 0.3),
        "lock": Target(_lock, _corpus("lock"), _JSON, 0.2),
        "checkpoint": Target(_checkpoint, _corpus("checkpoint"), (*_JSON, *_SETTINGS), 0.5),
        "dump": Target(_dump, _corpus("dump"), (*_JSON, b'"kind":"sentence"', b'"kind":"document"'), 0.1),
        "project": Target(project, (b"",), (b"\x00", b"\xff", b"\x0d", b"\x7f\xff\xff\xff"), 0.05),
        "statements": Target(statements, (b"",), (b"",), 0.05),
    }
    return found


def _corpus(name: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((CORPUS / name).glob("*")))


def _reader(name: str) -> Callable[[Path, bytes], None]:
    from unpacking import unpacked

    def run(folder: Path, data: bytes) -> None:
        path = folder / _NAMES.get(name, "x.jsonl" if CORPUS.joinpath(name).is_dir() else "x.conll")
        first, _, second = data.partition(BESIDE) if name == "brat" else (data, b"", b"")
        path.write_bytes(first)
        if name == "brat":
            path.with_suffix(".txt").write_bytes(second)
        source = open_source(str(path))
        inference = infer_format(source, name)
        items = list(read(source, inference=inference))
        if list(unpacked(read_packed(source, inference))) != items:
            raise AssertionError("many sentences at a time are not the same")
        if is_records(name):
            _rewrite(source, inference, items)
        # What was read has to be something that can be written.
        fmt = _WRITTEN[len(data) % len(_WRITTEN)]
        told: list[str] = []
        with suppress(NerTuiError):
            write(items, StringIO(newline=""), WriteOptions(fmt, "iob2", " ", told.append, told.append))

    return run


def _rewrite(source: Source, inference: Inference, items: list[StreamItem]) -> None:
    """Change records in place: nothing changes where no span does, and other labels are read again."""
    if "".join(rewrite(source, inference, items)) != source.text:
        raise AssertionError("records whose spans stay are not the same")
    new = [
        replace(item, spans=tuple(replace(span, label="NEW") for span in item.spans))
        if isinstance(item, AnnotatedSentence)
        else item
        for item in items
    ]
    with suppress(FormatError):
        # Not every tag has a number, and not every pair of spans has tags in a scheme.
        there = source.with_text("".join(rewrite(source, inference, new)))
        if _spans(read(there, inference=inference)) != _spans(new):
            raise AssertionError("labels that were changed are not read again")


def _spans(items: Iterable[StreamItem]) -> list[tuple[Span, ...]]:
    return [item.spans for item in items if isinstance(item, AnnotatedSentence)]


def _columns(names: tuple[str, ...]) -> Callable[[Path, bytes], None]:
    """Find the format, read, change tags in place, write and read back; nothing may get lost."""
    from mutations import try_file

    def run(folder: Path, data: bytes) -> None:
        path = folder / names[sum(data[:8]) % len(names)]
        path.write_bytes(data)
        try_file(path)

    return run


def _config(folder: Path, data: bytes) -> None:
    from ner_tui.app.settings import settings_of
    from ner_tui.config.user import read_user_config

    (folder / "config.toml").write_bytes(data)
    settings_of(read_user_config(str(folder / "config.toml")))


def _labels(folder: Path, data: bytes) -> None:
    from ner_tui.config.labels import label_set

    (folder / "labels.toml").write_bytes(data)
    label_set(str(folder / "labels.toml"))
    with suppress(NerTuiError):
        label_set(data[:100].decode("utf-8", "replace").replace(".toml", ""))


def _recipe(folder: Path, data: bytes) -> None:
    from ner_tui.training.recipe import load_recipe

    (folder / "recipe.toml").write_bytes(data)
    load_recipe(folder / "recipe.toml", folder)


def _guidelines(folder: Path, data: bytes) -> None:
    from ner_tui.app.screens.guidelines import GuidelinesScreen
    from ner_tui.session.guidelines import read_guidelines

    (folder / "GUIDELINES.md").write_bytes(data)
    GuidelinesScreen("GUIDELINES.md", read_guidelines(folder / "GUIDELINES.md"))


def _lock(folder: Path, data: bytes) -> None:
    from ner_tui.store.file.locking import Lock

    (folder / "p.ner-lock").write_bytes(data)
    Lock(folder / "p.ner", "ada").release()


def _checkpoint(folder: Path, data: bytes) -> None:
    """Read the settings of a checkpoint, of its tokenizer and of its shards; nothing opens its weights."""
    from ner_tui.predictors.checkpoint import Checkpoint

    for name, part in zip(("config", "tokenizer_config", "model.safetensors.index"), data.split(BESIDE), strict=False):
        (folder / f"{name}.json").write_bytes(part)
    (folder / "model-00001.safetensors").write_bytes(b"x" * 10_000)
    checkpoint = Checkpoint.read(folder, "x")
    asked = (
        lambda: checkpoint.tags(None),
        lambda: checkpoint.limits(2),
        lambda: (checkpoint.temperature, checkpoint.letter_shapes),
        lambda: checkpoint.refuse_dangers(checkpoint.choose(torch=True, allow_pickle=False)),
    )
    for ask in asked:
        with suppress(NerTuiError):
            ask()


def _dump(folder: Path, data: bytes) -> None:
    from ner_tui.session.transfer.dumping import dump
    from ner_tui.session.transfer.loading import load
    from ner_tui.store.project import Project

    (folder / "dump.jsonl").write_bytes(data)
    load(str(folder / "dump.jsonl"), folder / "p.ner")
    with closing(Project.open(folder / "p.ner")) as project:
        dump(project, StringIO())
