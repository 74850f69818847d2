"""Tables have one home: what is made from them is complete, and what is written by hand is held against them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from ner_tui.cli.parser import COMMANDS, WORDPIECES, build_parser
from ner_tui.domain.document import Sentence
from ner_tui.domain.schemes import SCHEMES
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.formats import BY_SENTENCE, FORMATS, READERS, WRITERS, WriteOptions, write
from tools.reference import commands

ROOT = Path(__file__).parents[1]
ADA = AnnotatedSentence(Sentence(0, "Ada left.", (Token(0, 3), Token(4, 8), Token(8, 9))), (Span(0, 3, "PER"),))


@pytest.mark.parametrize("name", FORMATS)
def test_a_row_of_the_formats_says_all_that_is_told_of_a_format(name: str) -> None:
    entry = FORMATS[name]
    module = import_module(f"ner_tui.formats.{entry.module}")
    assert entry.summary
    assert bool(entry.choice) == (name in WRITERS) == hasattr(module, "write")
    assert (name in READERS) == hasattr(module, "read") == hasattr(module, "infer")
    row = f"| `{name}` | {'yes ' if name in READERS else ''}| {'yes ' if name in WRITERS else ''}| {entry.summary} |"
    assert row in (ROOT / "docs" / "formats.md").read_text(encoding="utf-8"), f"docs/formats.md has to hold:\n{row}"


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.span_keys])
def test_the_keys_of_spans_are_those_that_are_written(name: str) -> None:
    out = io.StringIO()
    write([DocumentStart("a.txt", "text"), ADA], out, WriteOptions(name))
    written = json.loads(out.getvalue())
    record = written[0] if isinstance(written, list) else written
    others = {key for entry in FORMATS.values() for key in entry.span_keys} - {*FORMATS[name].span_keys}
    assert not others & record.keys()
    if name != "label-studio":
        assert any(record.get(key) for key in FORMATS[name].span_keys)


@pytest.mark.parametrize("name", BY_SENTENCE)
def test_what_is_written_by_sentence_is_there_after_each(name: str) -> None:
    out = io.StringIO()
    lengths = []

    def items() -> Iterator[StreamItem]:
        yield DocumentStart("a.txt", "text")
        for _ in range(3):
            lengths.append(len(out.getvalue()))
            yield ADA

    write(items(), out, WriteOptions(name))
    assert len({*lengths, len(out.getvalue())}) == 4


@pytest.mark.parametrize("command", [name for name, parser in commands().items() if "--scheme" in parser.format_help()])
def test_the_help_names_every_scheme(command: str) -> None:
    told = " ".join(commands()[command].format_help().split())
    assert ", ".join(SCHEMES) in told


def test_the_help_names_every_format() -> None:
    # Names may be broken where they have a hyphen.
    told = re.sub(r"(?<=\w-) ", "", " ".join(commands()["predict"].format_help().split()))
    assert f"one of {', '.join(READERS)}" in told
    assert f"one of {', '.join([*WRITERS, WORDPIECES])}" in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module_and_its_line_in_the_help(name: str) -> None:
    assert callable(import_module(f"ner_tui.cli.{name}").run)
    told = " ".join(build_parser().format_help().split())
    assert re.search(rf"{name} +{re.escape(COMMANDS[name].summary)}", told)
