"""Tag lines: the line of each word, also after lines that are broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.domain.evaluation.sentence_pairs import TaggedSentence
from ner_tui.domain.stream import Problem
from ner_tui.errors import FormatError
from ner_tui.formats import open_source
from ner_tui.formats.tag_lines import infer_despite_broken_lines, sentences_despite_broken_lines, tagged_sentences

CONLL = "# c\r\nAda\tB-PER\r\n\r\n\r\n-DOCSTART-\tO\r\n\r\nYork\tB-LOC\r\nis\tO"
CONLLU_ROW = "{}\t{}\t_\t_\t_\t_\t_\t_\t_\t{}\n"
CONLLU = "# text = Ada left.\n" + "".join(
    CONLLU_ROW.format(*row) for row in [(1, "Ada", "NER=B-PER"), (2, "left", "SpaceAfter=No"), (3, ".", "_")]
)


def read(text: str, path: Path, *, patient: bool = True) -> list[TaggedSentence | Problem]:
    path.write_text(text, newline="")
    source = open_source(str(path))
    inference = infer_despite_broken_lines(source)
    if patient:
        return list(sentences_despite_broken_lines(source, inference))
    told: list[Problem] = []
    return [*tagged_sentences(source, inference, told.append), *told]


@pytest.mark.parametrize("patient", [True, False])
@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [("a.conll", CONLL, [[2], [7, 8]]), ("a.conllu", CONLLU, [[2, 3, 4]]), ("a.txt", "Ada left.\n", [[1, 1, 1]])],
)
def test_each_word_has_its_line(tmp_path: Path, name: str, text: str, lines: list[list[int]], patient: bool) -> None:
    found = read(text, tmp_path / name, patient=patient)
    assert [list(item.lines) for item in found if isinstance(item, TaggedSentence)] == lines


def test_broken_lines_are_told_and_their_words_have_no_tag(tmp_path: Path) -> None:
    text = "Ada\tB-PER\n\nBob\tB-PER\nJr\nSmith\tI-PER\n\nleft\n\nYork\tB-LOC\n"
    found = read(text, tmp_path / "a.conll")
    problems = [item for item in found if isinstance(item, Problem)]
    assert [(problem.line, problem.reason[:8]) for problem in problems] == [(4, "1 column"), (7, "1 column")]
    sentences = [item for item in found if isinstance(item, TaggedSentence)]
    assert [" ".join(item.words) for item in sentences] == ["Ada", "Bob Jr Smith", "left", "York"]
    assert list(sentences[1].tags) == ["B-PER", "O", "I-PER"]
    with pytest.raises(FormatError, match=r"a\.conll:4: "):
        read(text, tmp_path / "a.conll", patient=False)


def test_a_sentence_of_nothing_but_broken_lines_ends(tmp_path: Path) -> None:
    text = "Ada\tB-PER\nleft\tO\n\n" * 300 + "x\n" * 500
    found = read(text, tmp_path / "a.conll")
    assert sum(isinstance(item, TaggedSentence) for item in found) == 300
    assert 0 < sum(isinstance(item, Problem) for item in found) < 500


def test_a_broken_row_of_conllu_is_told_and_left_out(tmp_path: Path) -> None:
    rows = CONLLU + "4\tshort\n" + "\n" + CONLLU
    found = read(rows, tmp_path / "a.conllu")
    assert [item.line for item in found if isinstance(item, Problem)] == [5]
    assert [list(item.lines) for item in found if isinstance(item, TaggedSentence)] == [[2, 3, 4], [8, 9, 10]]


def test_a_file_of_broken_rows_is_refused_and_one_with_some_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    for broken in (100, 101):
        path.write_text(CONLLU + "x\tshort\n" * broken + "\n")
        if broken == 100:
            assert infer_despite_broken_lines(open_source(str(path))).format == "conllu"
            continue
        with pytest.raises(FormatError, match="2 columns by TAB where CoNLL-U has 10"):
            infer_despite_broken_lines(open_source(str(path)))


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    record = '{"text": "New York Acme", "entities": [[0, 8, "LOC"], [0, 13, "ORG"]]}\n'
    for patient in (True, False):
        assert sum(isinstance(item, Problem) for item in read(record, tmp_path / "a.jsonl", patient=patient)) == 1


def test_records_with_tags_keep_them_as_they_stand(tmp_path: Path) -> None:
    record = '{"tokens": ["Ada", ""], "ner_tags": ["I-PER", "O"]}\n'
    (patient,), (read_on,) = (read(record, tmp_path / "a.jsonl", patient=patient) for patient in (True, False))
    assert isinstance(patient, TaggedSentence)
    assert isinstance(read_on, TaggedSentence)
    assert (list(patient.tags), list(patient.words)) == (["I-PER", "O"], ["Ada", ""])
    assert list(read_on.words) == ["Ada", "_"]
