"""Sets, targets and windows; no torch."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path
from random import Random

import pytest

from ner_tui.errors import InputError
from ner_tui.training.data import (
    IGNORED,
    Corpus,
    Targets,
    TrainingSentence,
    epoch_windows,
    labels_of,
    load,
    read_sentences,
    tag_names,
    windows,
)
from ner_tui.training.recipe import RecipeSource, TrainingOptions

TAGS = tag_names(["MISC", "PER"])


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "set.conll"
    path.write_text(text, encoding="utf-8")
    return path


def test_documents_and_sentences(tmp_path: Path) -> None:
    path = write(tmp_path, "-DOCSTART- O\n\nAda B-PER\nruns O\n\n\n-DOCSTART- O\n\nNo O")
    assert read_sentences(path) == [[(["Ada", "runs"], ["B-PER", "O"])], [(["No"], ["O"])]]


def test_a_short_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"set\.conll:2"):
        read_sentences(write(tmp_path, "Ada B-PER\nruns\n"))


def test_labels_of_the_data_are_sorted(tmp_path: Path) -> None:
    assert labels_of([write(tmp_path, "Ada B-PER\nLovelace I-PER\nRoma B-LOC\n")]) == ("LOC", "PER")
    with pytest.raises(InputError, match="no name"):
        labels_of([write(tmp_path, "Ada O\n")])


def test_o_admits_what_its_set_leaves_out(tmp_path: Path) -> None:
    targets = Targets(TAGS)
    path = write(tmp_path, "Ada B-PER\nis O\n@bob O\nDutch B-MISC\n")
    corpus = load(RecipeSource(path, annotated=("PER",), ignore_prefix="@"), targets)
    rows = corpus.documents[0][0].targets
    meant = [{tag for tag, yes in zip(TAGS, targets.table()[row], strict=True) if yes} for row in rows if row >= 0]
    assert meant == [{"B-PER"}, {"O", "B-MISC", "I-MISC"}, {"B-MISC"}]
    assert rows[2] == IGNORED
    assert targets.row("O", None) == 0


def test_a_label_that_is_not_learnt_is_refused_with_the_file_and_the_option_that_helps(tmp_path: Path) -> None:
    path = write(tmp_path, "Ada B-PER\nRome B-LOC\n")
    with pytest.raises(InputError, match=r"set\.conll: its label LOC .*--labels MISC,PER,LOC|--labels PER,MISC,LOC"):
        load(RecipeSource(path), Targets(TAGS))


def sentences(*lengths: int) -> list[TrainingSentence]:
    return [TrainingSentence(tuple(f"w{i}" for i in range(n)), tuple(range(n))) for n in lengths]


@pytest.mark.parametrize(
    ("lengths", "size", "expected"),
    [
        ((3, 4, 5), 0, [3, 4, 5]),
        ((3, 4, 5), 7, [7, 5]),
        ((30, 4, 5), 10, [30, 9]),
        ((), 10, []),
    ],
)
def test_windows_hold_whole_sentences(lengths: tuple[int, ...], size: int, expected: list[int]) -> None:
    assert [len(window.words) for window in windows(sentences(*lengths), repeat(size))] == expected


@pytest.mark.parametrize("kind", ["documents", "messages"])
def test_an_epoch_sees_every_word_once(kind: str) -> None:
    document = tuple(TrainingSentence((f"word{i}",) * (1 + i % 7), (i,) * (1 + i % 7)) for i in range(200))
    corpus = Corpus(RecipeSource(Path("x"), kind="messages" if kind == "messages" else "documents"), (document,))
    drawn = epoch_windows([corpus], TrainingOptions(), Random(3))
    rows = sorted(row for window in drawn for row in window.targets)
    assert rows == sorted(row for sentence in document for row in sentence.targets)


def test_long_sentences_are_cut(tmp_path: Path) -> None:
    corpus = load(RecipeSource(write(tmp_path, "a O\n" * 400)), Targets(TAGS))
    assert [len(sentence.words) for sentence in corpus.documents[0]] == [160, 160, 80]


def test_recasing_changes_words_and_no_target() -> None:
    corpus = Corpus(RecipeSource(Path("x")), ((TrainingSentence(("Ada", "runs"), (1, 0)),),))
    (window,) = epoch_windows([corpus], TrainingOptions(recase=1.0), Random(0))
    assert window.words in {("ada", "runs"), ("ADA", "RUNS")}
    assert window.targets == (1, 0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '{"text": "Ada left", "spans": [{"start": 0, "end": 3, "label": "PER"}]}\n'),
        ("b.jsonl", '{"text": "Ada left", "label": [[0, 3, "PER"]]}\n'),
        ("c.conll", "Ada B-PER\nleft O\n"),
    ],
)
def test_files_of_spans_are_learnt_from_as_files_of_tags_are(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read_sentences(tmp_path / name) == [[(["Ada", "left"], ["B-PER", "O"])]]


@pytest.mark.parametrize(("name", "text"), [("a.txt", "Ada left the town.\n"), ("a.conll", "Ada\nleft\n.\n")])
def test_what_has_no_tags_is_named_once(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match="no tags to learn from") as raised:
        read_sentences(tmp_path / name)
    assert str(raised.value).count(name) == 1
