"""Sides: what an annotator says is the same text and the same spans from whatever it is read."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from ner_tui.domain.evaluation.labelled_texts import LabelledText
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.team.aligning import align
from ner_tui.session.team.sides import SideOptions, read_sides
from ner_tui.session.transfer.dumping import dump
from ner_tui.store.project import Project

TEXT = "Ada Okonkwo left Oslo.\nShe met Bob, of Acme."
CONLL = "Ada B-PER\nOkonkwo I-PER\nleft O\nOslo B-LOC\n. O\n\nShe O\nmet O\nBob B-PER\n, O\nof O\nAcme B-ORG\n. O\n\n"
SPANS = [(0, 2, "PER"), (3, 4, "LOC"), (7, 8, "PER"), (10, 11, "ORG")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_text(CONLL)
    return tmp_path


def project(name: str = "p.ner", source: str = "a.conll", confirm: tuple[int, ...] = (0, 24)) -> str:
    session = open_session([source], SessionOptions(project=name, annotator="ana"))
    for offset in confirm:
        session.corrections.confirm(offset)
    session.close()
    return name


def dumped(project: str) -> str:
    opened = Project.open(Path(project), read_only=True)
    with Path("dump.jsonl").open("w") as out:
        dump(opened, out)
    opened.close()
    return "dump.jsonl"


def only_text(path: str, *, only_confirmed: bool = True) -> tuple[LabelledText, list[tuple[int, int, str]]]:
    labels: dict[str, int] = {}
    (side,) = read_sides([path], SideOptions(only_confirmed=only_confirmed), labels)
    (text,) = side.texts
    names = list(labels)
    return text, [(first, last, names[label]) for first, last, label in text.spans.tolist()]


def records(name: str, content: str) -> str:
    Path(name).write_text(content)
    return name


@pytest.mark.parametrize("seed", range(4))
def test_plain_lines_that_are_read_many_at_a_time_say_the_same_as_a_project_made_of_them(seed: int) -> None:
    random, lines = Random(seed), list[str]()
    for number in range(120):
        if random.random() < 0.1:
            lines += ["-DOCSTART- O", ""]
        size = random.randint(1, 6)
        tags = random.choices(["O", "O", "B-PER", "B-LOC", "I-PER"], k=size)
        lines += [f"w{number}_{at} {tag}" for at, tag in enumerate(tags)] + [""] * random.choice((1, 1, 1, 2))
    Path("many.conll").write_text("\n".join(lines) + "\n")
    labels, known = dict[str, int](), dict[str, int]()
    (plain,) = read_sides(["many.conll"], SideOptions(), labels)
    (stored,) = read_sides([project("many.ner", "many.conll", ())], SideOptions(only_confirmed=False), known)
    assert len(plain.texts) == len(stored.texts) > 3
    for one, other in zip(plain.texts, stored.texts, strict=True):
        assert (one.key, one.ends.tolist()) == (other.key, other.ends.tolist())
        assert one.sentences.tolist() == other.sentences.tolist()
        names = [[(*row[:2], list(each)[row[2]]) for row in text.spans.tolist()]
                 for text, each in ((one, labels), (other, known))]  # fmt: skip
        assert names[0] == names[1]
        assert one.counts.all()


def test_columns_projects_dumps_and_records_are_the_same_text_with_the_same_spans() -> None:
    record = (
        '{"text": "Ada Okonkwo left Oslo.\\n\\n  She met Bob, of Acme.", "label": '
        '[[0, 11, "PER"], [17, 21, "LOC"], [34, 37, "PER"], [42, 46, "ORG"]]}\n'
    )
    made = project()
    read = [only_text(path) for path in ("a.conll", made, dumped(made), records("r.jsonl", record))]
    assert [spans for _, spans in read] == [SPANS] * 4
    assert len({text.key for text, _ in read}) == 1
    assert read[0][0].sentences.tolist() == [5, 12]


def test_of_a_project_what_is_confirmed_counts_alone() -> None:
    made = project(confirm=(0,))
    text, _ = only_text(made)
    assert text.counts.tolist() == [True] * 5 + [False] * 7
    assert only_text(made, only_confirmed=False)[0].counts.all()
    assert only_text(dumped(made))[0].counts.tolist() == text.counts.tolist()


def test_words_longer_than_a_byte_says_are_read_too() -> None:
    long = "x" * 300
    text, spans = only_text(records("long.conll", f"a O\n{long} B-PER\nb O\n\n"))
    assert text.characters == f"a{long}b"
    assert spans == [(1, 2, "PER")]


def test_annotators_of_prodigy_are_sides_of_their_own() -> None:
    path = records(
        "p.jsonl",
        '{"text": "Ada left.", "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "accept", '
        '"_session_id": "news-ana"}\n'
        '{"text": "Ada left.", "spans": [], "answer": "accept", "_session_id": "news-bo"}\n',
    )
    sides = read_sides([path], SideOptions(), {})
    assert [(side.annotator, len(side.texts[0].spans)) for side in sides] == [("news-ana", 1), ("news-bo", 0)]


def test_annotations_of_a_label_studio_task_are_sides_of_their_own_and_the_last_of_each_holds() -> None:
    def annotation(who: str, label: str) -> str:
        region = f'{{"start": 0, "end": 3, "labels": ["{label}"]}}'
        return f'{{"completed_by": {who}, "result": [{{"type": "labels", "value": {region}}}]}}'

    answers = ", ".join(
        (annotation("1", "ORG"), annotation('{"id": 2, "email": "bo@x"}', "LOC"), annotation("1", "PER"))
    )
    path = records("ls.json", f'[{{"data": {{"text": "Ada left."}}, "annotations": [{answers}]}}]')
    labels: dict[str, int] = {}
    sides = read_sides([path], SideOptions(), labels)
    assert [side.annotator for side in sides] == ["1", "bo@x"]
    assert [list(labels)[side.texts[0].spans[0, 2]] for side in sides] == ["PER", "LOC"]


def test_two_files_of_one_name_are_told_apart_by_their_folders(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "gold.conll").write_text(CONLL)
    sides = read_sides(["one/gold.conll", "two/gold.conll"], SideOptions(), {})
    assert [side.annotator for side in sides] == ["one/gold.conll", "two/gold.conll"]


def test_another_edition_is_put_in_the_words_of_the_first_and_what_has_no_place_is_listed() -> None:
    other = CONLL.replace("Bob B-PER", "Rob B-PER").replace("Acme B-ORG", "Acme B-LOC")
    records("b.conll", other)
    labels: dict[str, int] = {}
    sides = read_sides(["a.conll", "b.conll"], SideOptions(), labels)
    (lost,) = align(sides)
    names = list(labels)
    assert lost.described(names) == "b: b.conll: not placed: PER “Rob”"
    moved = sides[1].texts[0]
    assert moved.key == sides[0].texts[0].key
    assert [(first, names[label]) for first, _, label in moved.spans.tolist()] == [(0, "PER"), (3, "LOC"), (10, "LOC")]
    assert moved.counts.tolist() == [True] * 5 + [False] * 7


def test_a_text_of_other_words_is_no_other_edition() -> None:
    records("b.conll", "Nothing O\nof O\nthis O\n\n")
    sides = read_sides(["a.conll", "b.conll"], SideOptions(), {})
    assert align(sides) == []
    assert sides[0].texts[0].key != sides[1].texts[0].key
