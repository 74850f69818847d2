"""``predict`` on inputs that take long: in parts, and interrupted and gone on with, the output is that of one run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ner_tui.cli import main, predict
from ner_tui.domain.blocks import BLOCK_WORDS
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.formats.files import resumable
from ner_tui.formats.files.source import FileSource
from ner_tui.session.transfer.headless import StreamPredictor, shard

WORDS = "Ada met Bob in New York City . He 's in London with 7 people of Łódź".split()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def long_file(folder: Path) -> str:
    """Two documents of several blocks each, their sentences of different lengths."""
    lines = []
    for document in range(2):
        lines += ["-DOCSTART- O", ""]
        for number in range(500):
            lines += [f"{WORDS[(number + at) % len(WORDS)]} O" for at in range(3 + (number * 7 + document) % 13)] + [""]
    Path("long.conll").write_text("\n".join(lines), encoding="utf-8")
    return "long.conll"


@pytest.mark.thorough
@pytest.mark.parametrize("fmt", ["conll", "conll2003"])
def test_the_shards_one_behind_the_other_are_the_whole_run(tiny_onnx: Path, long_file: str, fmt: str) -> None:
    command = ["predict", long_file, "--model", str(tiny_onnx), "--to", fmt]
    assert main([*command, "-o", "whole.conll"]) == 0
    for number in (1, 2, 3):
        assert main([*command, "-o", f"{number}.conll", "--shard", f"{number}/3"]) == 0
    parts = [Path(f"{number}.conll").read_bytes() for number in (1, 2, 3)]
    assert b"".join(parts) == Path("whole.conll").read_bytes()
    assert all(parts), "each shard has something to do"


@pytest.mark.thorough
def test_the_text_of_many_files_is_not_kept_in_memory(
    tiny_onnx: Path, long_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only of so many as make up a large one; what is written is the same."""
    Path("bom.txt").write_bytes("\ufeffAda met Bob.\r\nHe left.\r\n".encode("utf-16-le"))
    Path("small.txt").write_text("Ada left.\n", encoding="utf-8")
    command = ["predict", "small.txt", long_file, "bom.txt", "--model", str(tiny_onnx)]
    assert main([*command, "-o", "kept.conll"]) == 0
    monkeypatch.setattr(predict, "LARGE", 100)
    read: list[str] = []
    chunks = FileSource.chunks

    def chunks_of(self: FileSource) -> Iterator[str]:
        read.append(self.path)
        return chunks(self)

    monkeypatch.setattr(FileSource, "chunks", chunks_of)
    assert main([*command, "-o", "read.conll"]) == 0
    assert set(read) == {long_file, "bom.txt"}
    assert Path("read.conll").read_bytes() == Path("kept.conll").read_bytes()


@pytest.mark.thorough
@pytest.mark.parametrize("block", [1, 3, 5])
def test_an_interrupted_run_is_gone_on_with_by_the_same_command(
    tiny_onnx: Path, long_file: str, block: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    command = ["predict", long_file, "--model", str(tiny_onnx)]
    assert main([*command, "-o", "whole.conll"]) == 0
    monkeypatch.setattr(resumable, "EVERY", 0.0)
    label = StreamPredictor.label

    def interrupted(self: StreamPredictor, *arguments: object) -> Iterator[StreamItem]:
        begun = 0
        begin = arguments[3]

        def begin_or_stop(number: int, wanted: bool) -> None:
            nonlocal begun
            begun += 1
            assert callable(begin)
            begin(number, wanted)
            if begun > block:
                raise KeyboardInterrupt

        return label(self, *arguments[:3], begin_or_stop, *arguments[4:])  # type: ignore[arg-type, call-arg]

    with monkeypatch.context() as patch:
        patch.setattr(StreamPredictor, "label", interrupted)
        assert main([*command, "-o", "out.conll"]) == 130
    assert "the same command goes on from" in capfd.readouterr().err
    assert not Path("out.conll").exists()
    half = Path("out.conll.partial").read_bytes()
    assert half
    assert Path("whole.conll").read_bytes().startswith(half)
    # What was written behind the last note, or torn, does not count.
    Path("out.conll.partial").write_bytes(half + b"Ada B-PE")
    assert main([*command, "-o", "out.conll"]) == 0
    assert f"after {block} blocks" in capfd.readouterr().err
    assert Path("out.conll").read_bytes() == Path("whole.conll").read_bytes()
    assert not list(Path().glob("*.partial*"))


def test_an_input_that_cannot_be_read_to_its_end_leaves_nothing_behind(
    tiny_onnx: Path, long_file: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(resumable, "EVERY", 0.0)
    Path(long_file).write_text(Path(long_file).read_text(encoding="utf-8") + "alone", encoding="utf-8")
    assert main(["predict", long_file, "--model", str(tiny_onnx), "-o", "out.conll"]) == 2
    assert "1 column where the others have 2" in capfd.readouterr().err
    assert not list(Path().glob("out*"))


@pytest.mark.thorough
def test_what_another_run_left_is_not_gone_on_with(tiny_onnx: Path, long_file: str) -> None:
    command = ["predict", long_file, "--model", str(tiny_onnx)]
    assert main([*command, "-o", "whole.conll"]) == 0
    Path("out.conll.partial").write_text("something else\n")
    Path("out.conll.partial.json").write_text('{"key": "another", "blocks": 2, "bytes": 15}')
    assert main([*command, "-o", "out.conll"]) == 0
    assert Path("out.conll").read_bytes() == Path("whole.conll").read_bytes()


def test_shards_are_refused_where_a_part_is_no_file_of_its_own(
    tiny_onnx: Path, long_file: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", long_file, "--model", str(tiny_onnx), "--to", "jsonl", "--shard", "1/2"]) == 2
    assert "--shard writes conll or conll2003" in capfd.readouterr().err


@pytest.mark.parametrize("sizes", [[], [5], [BLOCK_WORDS] * 7, [BLOCK_WORDS - 1, 1, 1, 3 * BLOCK_WORDS, 2]])
@pytest.mark.parametrize("of", [1, 2, 5])
def test_every_block_belongs_to_one_shard(sizes: list[int], of: int) -> None:
    items: list[StreamItem] = [DocumentStart("a", "tokens")]
    for size in sizes:
        tokens = tuple(Token(2 * at, 2 * at + 1) for at in range(size))
        items.append(AnnotatedSentence(Sentence(0, "x " * size, tokens)))
    parts = [shard(items, number, of) for number in range(1, of + 1)]
    assert parts[0].start == 0
    assert parts[-1].end is None
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]


def test_metadata_go_along_with_what_is_predicted_or_are_told(
    tiny_onnx: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.jsonl").write_text('{"id": "x", "tokens": ["Ada", "left"], "ner_tags": ["O", "O"]}\n')
    command = ["predict", "a.jsonl", "--model", str(tiny_onnx)]
    assert main([*command, "--to", "hf", "-o", "out.jsonl"]) == 0
    assert '"id": "x"' in Path("out.jsonl").read_text()
    assert "lost" not in capsys.readouterr().err
    assert main([*command, "-o", "out.conll"]) == 0
    assert "lost: a.jsonl: metadata of 1 record, for which conll has no place: id" in capsys.readouterr().err


def test_a_suggestion_in_json_lines_names_its_model(tiny_onnx: Path) -> None:
    Path("a.txt").write_text("Ada met Bob in New York City.\n")
    assert main(["predict", "a.txt", "--model", str(tiny_onnx), "--to", "jsonl", "-o", "out.jsonl"]) == 0
    spans = json.loads(Path("out.jsonl").read_text())["spans"]
    assert {span["model"] for span in spans} <= {f"{tiny_onnx} (fp32)"}


def test_predict_needs_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "a.txt", "--model", "none"]) == 2
    assert "--model none: predict needs a model, or --patterns FILE" in capsys.readouterr().err
