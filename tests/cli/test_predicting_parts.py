"""``predict --ray`` and large shards: whatever the parts and whoever dies, the output is that of one run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from engine_here import have_no_cluster
from small_parts import make_parts_small

from ner_tui.cli import main, predicting_parts
from ner_tui.cluster import ray_engine
from ner_tui.errors import ModelError
from ner_tui.formats.standoff import extras
from ner_tui.patterns.source import PatternSource
from ner_tui.session.parts import doing, planning
from ner_tui.session.parts.marks import PartJob

WORDS = "Ada met Bob in New York City . He 's in London with 7 people of Łódź".split()
REQUIRE_RAY = ray_engine.require_ray
MODEL = ["--model", "none", "--patterns", "names.jsonl"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small parts, and an engine of this process in place of a cluster."""
    monkeypatch.chdir(tmp_path)
    make_parts_small(monkeypatch, size=1_500, landmark_every=20, block_words=100)
    have_no_cluster(monkeypatch)
    patterns = [{"label": "PER", "pattern": "Ada"}, {"label": "LOC", "pattern": "London"}]
    Path("names.jsonl").write_text("\n".join(map(json.dumps, patterns)))


def columns(name: str, documents: int, sentences: int, tag: str = "O") -> str:
    lines = []
    for document in range(documents):
        lines += [f"-DOCSTART-\t{tag}", ""] * (documents > 1)
        for number in range(sentences):
            lines += [f"{WORDS[(number * 3 + at + document) % len(WORDS)]}\tO" for at in range(3 + number * 7 % 13)]
            lines += [f"x{number}\t{tag}", ""]
    Path(name).write_text("\n".join(lines), encoding="utf-8")
    return name


def parts_of(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).glob("*.json"))


@pytest.mark.parametrize("fmt", ["conll", "conll2003"])
def test_the_parts_joined_are_what_one_run_writes(fmt: str, capsys: pytest.CaptureFixture[str]) -> None:
    files = [columns("a.conll", 5, 60), columns("b.conll", 1, 300)]
    Path("c.txt").write_text("Ada met Bob in London.\n\n" * 5)
    command = ["predict", *files, "c.txt", *MODEL, "--to", fmt]
    assert main([*command, "-o", "plain.conll"]) == 0
    assert main([*command, "-o", "joined.conll", "--ray", "auto"]) == 0
    assert Path("joined.conll").read_bytes() == Path("plain.conll").read_bytes()
    assert "parts of 3 files" in capsys.readouterr().err
    assert not Path("joined.conll.parts").exists()


@pytest.mark.parametrize("fmt", ["conll", "conll2003"])
def test_a_folder_gets_the_files_that_one_run_writes(fmt: str) -> None:
    """One for each document, named alike, whatever part it is in, and none for what has no sentence."""
    Path("other").mkdir()
    columns("a.conll", 40, 7), columns("other/a.conll", 1, 300)
    Path("b.conll").write_text("-DOCSTART-\tO\n\n" * 3 + "Ada\tB-PER\n\n-DOCSTART-\tO\n")
    command = ["predict", "a.conll", "other", "b.conll", *MODEL, "--to", fmt]
    assert main([*command, "-o", "plain/"]) == 0
    assert main([*command, "-o", "joined/", "--ray", "auto"]) == 0
    written = {path.name: path.read_bytes() for path in Path("plain").iterdir()}
    assert len(written) == 42
    assert {path.name: path.read_bytes() for path in Path("joined").iterdir()} == written


def test_a_part_that_is_done_is_never_done_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns("a.conll", 1, 300)
    command = ["predict", "a.conll", *MODEL, "-o", "out.conll"]
    assert main(command) == 0
    plain = Path("out.conll").read_bytes()
    begun: list[int] = []
    attempt = doing.PartWorker._try

    def counted(self: doing.PartWorker, job: PartJob, *rest: object) -> object:
        if len(begun) == 3:
            raise KeyboardInterrupt
        begun.append(job.number)
        return attempt(self, job, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(doing.PartWorker, "_try", counted)
        assert main([*command, "--ray", "auto"]) == 130
        assert "the same command goes on from" in capsys.readouterr().err
        done = parts_of("out.conll.parts")
        assert len(done) == 3
        begun.clear()
        assert main([*command, "--ray", "auto"]) == 130
        assert len(parts_of("out.conll.parts")) == 6
        assert not {f"{number:05}.json" for number in begun} & set(done)
    # Other labels are another output.
    assert main([*command, "--ray", "auto", "--scheme", "bioes"]) == 0
    assert Path("out.conll").read_bytes() != plain
    assert main([*command, "--ray", "auto"]) == 0
    assert Path("out.conll").read_bytes() == plain


def test_a_part_of_an_input_that_changed_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    columns("a.conll", 1, 300)
    command = ["predict", "a.conll", *MODEL, "-o", "out.conll", "--ray", "auto"]
    with monkeypatch.context() as patch:
        patch.setattr(predicting_parts, "_join", lambda *rest, **named: 0)
        assert main(command) == 0
    text = Path("a.conll").read_text(encoding="utf-8")
    Path("a.conll").write_text(text.replace("x298", "Ada!"), encoding="utf-8")
    done: list[bool] = []
    do = doing.PartWorker.do

    def noted(self: doing.PartWorker, job: PartJob) -> object:
        done.append((found := do(self, job))[1])
        return found

    monkeypatch.setattr(doing.PartWorker, "do", noted)
    assert main(command) == 0
    assert sum(done) == 1, "that of the word alone"
    assert main([*command[:-2], "--to", "conll"]) == 0


def test_a_sentence_that_no_model_reads_is_written_without_tags_and_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns("a.conll", 1, 300)
    command = ["predict", "a.conll", "-o", "out.conll", "--ray", "auto"]
    assert main(["predict", "a.conll", *MODEL, "-o", "plain.conll"]) == 0
    opened: list[FailingSource] = []

    def failing(options: object, tell: object) -> object:
        from ner_tui.session.transfer.headless import StreamPredictor

        source = FailingSource(PatternSource(options.patterns, ()), "x123")  # type: ignore[attr-defined]
        opened.append(source)
        return StreamPredictor(source, None)  # type: ignore[arg-type]

    monkeypatch.setattr("ner_tui.cluster.worker.open_labeller", failing)
    assert main([*command, *MODEL]) == 1
    told = capsys.readouterr().err
    line = Path("a.conll").read_text(encoding="utf-8").split("x123\t")[0].count("\n")
    assert "written without tags, no memory" in told
    (place,) = [each for each in told.splitlines() if "written without tags" in each]
    assert line - 15 < int(place.split(":")[1]) <= line + 1
    plain, out = (Path(name).read_text(encoding="utf-8").split("\n\n") for name in ("plain.conll", "out.conll"))
    assert len(plain) == len(out)
    assert [after for before, after in zip(plain, out, strict=True) if before != after] in ([], [out[123]])


class FailingSource:
    """A model that fails at one word."""

    def __init__(self, source: PatternSource, word: str) -> None:
        self._source, self._word = source, word
        self.labels, self.unmapped, self.remarks = source.labels, source.unmapped, ()
        self.run = source.run

    def ahead(self, blocks: Iterable[Sequence[object]]) -> Iterator[object]:
        for block in blocks:
            if any(self._word in sentence.words for sentence in block):  # type: ignore[attr-defined]
                raise ModelError("no memory")
            found = [some for _, part in self._source.suggest(block) for some in part] if block else []  # type: ignore[arg-type]
            yield block, found

    def close(self) -> None:
        pass


def test_large_inputs_are_sharded_without_reading_all_of_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns("a.conll", 3, 200), columns("b.conll", 1, 100)
    command = ["predict", "a.conll", "b.conll", *MODEL]
    assert main([*command, "-o", "whole.conll"]) == 0
    monkeypatch.setattr(predicting_parts, "LARGE", 1_000)
    monkeypatch.setattr(planning, "LARGE", 1_000)
    monkeypatch.setattr(planning, "BEGINNING", 1_000)
    for number in (1, 2, 3, 4):
        assert main([*command, "-o", f"{number}.conll", "--shard", f"{number}/4"]) == 0
    shards = [Path(f"{number}.conll").read_bytes() for number in (1, 2, 3, 4)]
    assert b"".join(shards) == Path("whole.conll").read_bytes()
    assert all(shards)
    assert "as its beginning says" in capsys.readouterr().err


def test_tags_further_on_that_are_of_another_scheme_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns("a.conll", 1, 30, tag="B-MISC")
    with Path("a.conll").open("a", encoding="utf-8") as file:
        file.write("\n\nAda\tS-PER\n\nAda\tB-PER\nBob\tE-PER\n" * 400)
    monkeypatch.setattr(planning, "LARGE", 1_000)
    monkeypatch.setattr(planning, "BEGINNING", 1_000)
    command = ["predict", "a.conll", *MODEL, "-o", "out.conll", "--ray", "auto"]
    assert main(command) == 1
    assert "its beginning was taken for iob2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.conll", "--ray", "auto"], "--ray reads and writes files"),
        (["a.conll", "--ray", "auto", "-o", "a.jsonl"], "--ray writes conll or conll2003"),
        (["a.conll", "--ray", "auto", "--shard", "1/2", "-o", "o.conll"], "leave out one of the two"),
        (["a.conll", "--gpus", "1", "-o", "o.conll"], "--gpus N is for --ray"),
        (["a.conll", "--ray", "auto", "-o", "a.conll"], "one of the files that are read"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    columns("a.conll", 1, 3)
    assert main(["predict", *MODEL, *arguments]) == 2
    assert told in capsys.readouterr().err


def test_without_ray_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    columns("a.conll", 1, 3)
    monkeypatch.setattr(ray_engine, "require_ray", REQUIRE_RAY)
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "ray" else find_spec(name))
    assert main(["predict", "a.conll", "--model", "fast", "-o", "out.conll", "--ray", "auto"]) == 2
    assert "pip install 'ner-tui[ray]'" in capsys.readouterr().err
