"""``score``, ``diff`` and ``check`` as a person runs them: figures, places, exit codes, and a copy that is repaired."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from printed import Capture, object_of

from ner_tui.cli import main
from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.session import SessionOptions, open_session
from ner_tui.store.project import Project

GOLD = "-DOCSTART-\tO\n\nAda\tB-PER\nOkonkwo\tI-PER\nleft\tO\nYork\tB-LOC\n\nBob\tB-PER\nsaw\tO\nAcme\tB-ORG\n"
PREDICTED = "Ada\tB-PER\nOkonkwo\tO\nleft\tO\nYork\tB-ORG\n\nBob\tI-PER\nsaw\tB-LOC\nAcme\tO\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text(GOLD)
    Path("pred.conll").write_text(PREDICTED)
    return tmp_path


def test_score_counts_matches_and_every_kind_of_error(capfd: Capture) -> None:
    result = object_of(capfd, "score", "gold.conll", "pred.conll")
    assert result["labels"]["PER"] == {
        "precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2, "predicted": 2, "correct": 1,
    }  # fmt: skip
    assert (result["micro"]["correct"], result["micro"]["support"], result["micro"]["predicted"]) == (1, 4, 4)
    assert result["partial"]["exact"]["correct"] == 2
    assert result["missed"] == {"ORG": 1}
    assert result["spurious"] == {"LOC": 1}
    assert {"gold": "LOC", "predicted": "ORG", "number": 1} in result["confusion"]
    assert result["boundaries"] == [{"label": "PER", "left": "same", "right": "too short", "number": 1}]
    assert [(error["kind"], error["line"]) for error in result["errors"]] == [
        ("boundaries", 3), ("label", 6), ("spurious", 9), ("missed", 10),
    ]  # fmt: skip
    assert result["errors"][1]["predicted"] == {"path": "pred.conll", "line": 4, "label": "ORG", "start": 3, "end": 4}


def test_strict_leaves_out_what_is_illegal_and_says_so(capfd: Capture) -> None:
    assert main(["score", "gold.conll", "pred.conll", "--strict", "--json"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)["labels"]["PER"]["predicted"] == 1
    assert "pred.conll: 1 tags break IOB2 and make no spans" in err


def test_a_named_scheme_is_what_strict_holds_tags_against(capfd: Capture) -> None:
    result = object_of(capfd, "score", "gold.conll", "gold.conll", "--strict", "--scheme", "bioes")
    assert result["schemes"] == {"gold": "bioes", "predicted": "bioes"}
    assert result["micro"]["support"] == 0


def test_score_prints_plain_tables_and_errors_in_their_context(capfd: Capture) -> None:
    assert main(["score", "gold.conll", "pred.conll", "--errors", "2"]) == 0
    out = capfd.readouterr().out
    assert "\x1b" not in out
    assert "micro        0.2500  0.2500  0.2500        4          4       1         1\n" in out
    assert "gold.conll:3: PER “Ada” for PER “Ada Okonkwo”: [Ada Okonkwo] left York\n" in out
    assert "gold.conll:6: ORG for LOC “York”: Ada Okonkwo left [York]\n" in out
    assert "and 2 more errors: --errors 4 lists them all\n" in out


@pytest.mark.parametrize("command", ["score", "diff"])
def test_other_tokens_are_refused_with_both_places(command: str, capfd: Capture) -> None:
    Path("other.conll").write_text(PREDICTED.replace("saw", "met"))
    assert main([command, "gold.conll", "other.conll", "--json"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "gold.conll:9 has 'saw' where other.conll:7 has 'met'" in err
    assert err.endswith(", in the same order; ner-tui agree takes texts in any order\n")


BOTH = "Ada B-PER B-PER\nOkonkwo E-PER O\nleft O O\nYork S-LOC S-LOC\n"


def test_score_compares_two_columns_of_one_file(capfd: Capture) -> None:
    Path("both.conll").write_text(BOTH)
    one = object_of(capfd, "score", "both.conll", "--gold-column", "2", "--column", "3")
    assert one["columns"] == {"gold": "2", "predicted": "3"}
    assert (one["micro"]["correct"], one["micro"]["support"], one["micro"]["predicted"]) == (1, 2, 2)
    Path("a.conll").write_text("Ada B-PER\nOkonkwo E-PER\nleft O\nYork S-LOC\n")
    Path("b.conll").write_text("Ada B-PER\nOkonkwo O\nleft O\nYork S-LOC\n")
    two = object_of(capfd, "score", "a.conll", "b.conll")
    assert {**two, "errors": []} == {
        **one, "errors": [], "gold": "a.conll", "predicted": "b.conll", "columns": two["columns"],
        "schemes": two["schemes"], "broken_tags": two["broken_tags"],
    }  # fmt: skip
    assert main(["score", "both.conll", "--gold-column", "2", "--column", "3"]) == 0
    assert capfd.readouterr().out.startswith("both.conll, column 3 (IOB2) against both.conll, column 2 (BIOES)\n")


def test_the_gold_column_may_be_of_another_file(capfd: Capture) -> None:
    Path("both.conll").write_text(BOTH)
    Path("b.conll").write_text("Ada B-PER\nOkonkwo O\nleft O\nYork S-LOC\n")
    result = object_of(capfd, "score", "both.conll", "b.conll", "--gold-column", "2")
    assert (result["micro"]["correct"], result["micro"]["support"]) == (1, 2)


@pytest.mark.parametrize("options", [[], ["--column", "3"], ["--gold-column", "2"], ["--gold-column=2", "--column=2"]])
def test_one_file_needs_both_columns(options: list[str], capfd: Capture) -> None:
    Path("both.conll").write_text(BOTH)
    assert main(["score", "both.conll", *options]) == 2
    assert "for a file with both in columns, say --gold-column N --column M" in capfd.readouterr().err


def test_spellings_of_tags_are_told_and_compared(capfd: Capture) -> None:
    Path("g.conll").write_text("Ada PER-B\nLee PER-I\nleft O\nYork LOC-B\n")
    Path("p.conll").write_text("Ada b_PER\nLee e_PER\nleft 0\nYork s_LOC\n")
    assert main(["score", "g.conll", "p.conll", "--json"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)["micro"]["f1"] == 1.0
    assert "g.conll: read as conll, 2 columns by space, tags in column 2, IOB2 (LOC-B read as B-LOC)\n" in err
    assert "tags in column 2, BIOES (b_PER read as B-PER, 0 read as outside)\n" in err


@pytest.mark.parametrize(("answer", "labels"), [("B_PER,O", {"X"}), ("PER", {"S_X"})])
def test_tags_of_two_readings_are_asked_for_and_the_answer_is_taken(
    answer: str, labels: set[str], capfd: Capture
) -> None:
    Path("a.conll").write_text("Ada S_X\nleft O\n")
    assert main(["check", "a.conll"]) == 2
    told = "a.conll: S_X may be the tag S-X or a label of its own: say --tags-as B_PER, or --tags-as PER"
    assert told in capfd.readouterr().err
    assert main(["convert", "a.conll", "-o", "-", "--to", "jsonl", "--tags-as", answer]) == 0
    assert {span["label"] for span in json.loads(capfd.readouterr().out)["spans"]} == labels


def test_diff_signs_each_difference_and_exits_with_1(capfd: Capture) -> None:
    assert main(["diff", "gold.conll", "pred.conll"]) == 1
    out = capfd.readouterr().out
    assert out.split("\n")[:4] == [
        "~ gold.conll:3: PER “Ada Okonkwo” → PER “Ada”: [Ada Okonkwo] left York",
        "~ gold.conll:6: LOC “York” → ORG: Ada Okonkwo left [York]",
        "+ pred.conll:7: LOC “saw”: Bob [saw] Acme",
        "- gold.conll:10: ORG “Acme”: Bob saw [Acme]",
    ]
    assert "F1 over spans 0.2500; Cohen's kappa over words" in out


def test_diff_of_the_same_annotation_exits_with_0_and_full_agreement(capfd: Capture) -> None:
    result = object_of(capfd, "diff", "gold.conll", "gold.conll")
    assert result["differences"] == []
    assert (result["f1"], result["kappa"], result["same"]) == (1, 1, 4)


def test_diff_reads_a_project(capfd: Capture) -> None:
    session = open_session(["gold.conll"], SessionOptions(project="p.ner"))
    session.close()
    assert main(["diff", "gold.conll", "p.ner"]) == 0
    capfd.readouterr()
    result = object_of(capfd, "diff", "p.ner", "pred.conll", code=1)
    assert [difference["kind"] for difference in result["differences"]] == [
        "other boundaries", "other label", "only in B", "only in A",
    ]  # fmt: skip


def two_projects(text: str = "Ada left. Bob stayed. Eve sang.") -> None:
    """Make p.ner, where the first two sentences are confirmed, and q.ner, where the last two are."""
    Path("a.txt").write_text(text)
    for name, label, confirmed in (("p.ner", "PER", (0, 10)), ("q.ner", "ORG", (10, 22))):
        session = open_session(["a.txt"], SessionOptions(project=name))
        for offset in (0, 10):
            session.corrections.label(offset, offset + 3, label, cursor=offset)
        for offset in confirmed:
            session.corrections.confirm(offset)
        session.close()


def test_two_projects_are_compared_on_what_is_confirmed_in_both_and_the_share_is_said(capfd: Capture) -> None:
    two_projects()
    result = object_of(capfd, "diff", "p.ner", "q.ner", code=1)
    assert [(one["kind"], one["text"]) for one in result["differences"]] == [("other label", "Bob")]
    facts = {key: result[key] for key in ("compared", "of_sentences", "confirmed_sentences", "sentences")}
    assert facts == {"compared": "confirmed", "of_sentences": 3, "confirmed_sentences": 1, "sentences": 1}
    result = object_of(capfd, "diff", "p.ner", "q.ner", "--sentences", "all", code=1)
    assert len(result["differences"]) == 2
    assert (result["compared"], result["sentences"]) == ("all", 3)
    for command, code in (("diff", 1), ("score", 0)):
        assert main([command, "p.ner", "q.ner"]) == code
        share = "compared: 1 of 3 sentences (33.3%), those confirmed on both sides; --sentences all compares all"
        assert share in capfd.readouterr().out
    assert object_of(capfd, "score", "p.ner", "q.ner")["micro"]["support"] == 1


def test_two_untouched_projects_agree_on_nothing(capfd: Capture) -> None:
    for name in ("p.ner", "q.ner"):
        open_session(["gold.conll"], SessionOptions(project=name)).close()
    for command in ("diff", "score"):
        assert main([command, "p.ner", "q.ner"]) == 2
        out, err = capfd.readouterr()
        assert not out
        assert "none of 2 sentences is confirmed on both sides: confirm some, or say --sentences all" in err
    assert main(["diff", "p.ner", "q.ner", "--sentences", "all"]) == 0
    assert "compared: all sentences; confirmed on both sides: 0 of 2 sentences (0.0%)" in capfd.readouterr().out


def test_of_a_file_and_a_project_all_is_compared_or_what_is_confirmed(capfd: Capture) -> None:
    session = open_session(["gold.conll"], SessionOptions(project="p.ner"))
    session.corrections.confirm(0)
    session.corrections.remove(22)
    session.close()
    assert len(object_of(capfd, "diff", "gold.conll", "p.ner", code=1)["differences"]) == 1
    result = object_of(capfd, "diff", "gold.conll", "p.ner", "--sentences", "confirmed")
    assert (result["sentences"], result["of_sentences"]) == (1, 2)


def test_open_suggestions_are_compared_only_if_asked_for_and_counted_either_way(capfd: Capture) -> None:
    open_session(["gold.conll"], SessionOptions(project="p.ner")).close()
    project = Project.open(Path("p.ner"))
    with project.transaction():
        project.items.suggestion_table.add(1, [Suggestion(Span(12, 16, "LOC"), 0.9, 0.8, (), 1)])
        project.items.restate(1, 0, 99)
    project.close()
    assert main(["diff", "gold.conll", "p.ner"]) == 0
    assert "p.ner: 1 open suggestion left out (--with-suggestions takes them)" in capfd.readouterr().err
    assert main(["diff", "gold.conll", "p.ner", "--with-suggestions"]) == 1
    out, err = capfd.readouterr()
    assert "+ p.ner" not in out
    assert "LOC “left”" in out
    assert "p.ner: 1 open suggestion taken for decisions" in err


def test_nothing_of_a_file_reaches_the_terminal_as_a_command(capfd: Capture) -> None:
    Path("gold.conll").write_text("\x1b[31mAda\tB-PER\nsaw\tO\nBob\tB-\x1b]0;x\x07\n")
    Path("pred.conll").write_text("\x1b[31mAda\tO\nsaw\tO\nBob\tO\n")
    for command in (
        ["score", "gold.conll", "pred.conll"],
        ["diff", "gold.conll", "pred.conll"],
        ["check", "gold.conll"],
    ):
        main(command)
        assert "\x1b" not in "".join(capfd.readouterr())
