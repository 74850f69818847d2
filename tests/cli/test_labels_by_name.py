"""``predict`` and ``models`` with a model that is asked for labels by name, and labels that are wanted of any model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.predictors import cache

MODELS = Path(__file__).parents[1] / "predictors" / "gliner" / "models"
SPAN, TOKEN = str(MODELS / "span"), str(MODELS / "token")
TEXT = "Aspirin eases headache. Take two of it, said Smith of Roche in Basel.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    return tmp_path


def spans(out: str) -> list[tuple[str, str, float]]:
    text = json.loads(out)["text"]
    return [(text[s["start"] : s["end"]], s["label"], s["score"]) for s in json.loads(out)["spans"]]


@pytest.mark.parametrize("model", [SPAN, TOKEN])
def test_what_is_named_is_found_with_score_and_origin(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["predict", "a.txt", "--model", model, "--labels", "drug,disease", "--threshold", "0.2", "--to", "jsonl"]
    assert main(command) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)["spans"]
    assert {span["label"] for span in found} <= {"drug", "disease"}
    assert all(span["score"] >= 0.2 and span["model"] == f"{model} (fp32)" for span in found)
    assert all(span["alternatives"] for span in found)
    assert "temperature 1, threshold 0.2; it is asked for drug, disease" in err


def test_columns_have_the_same_spans(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["predict", "a.txt", "--model", SPAN, "--labels", "drug,disease"]
    assert main(command) == 0
    columns = capsys.readouterr().out
    assert main([*command, "--to", "jsonl"]) == 0
    begun = [line.split()[1][2:] for line in columns.splitlines() if " B-" in line]
    assert begun == [label for _, label, _ in spans(capsys.readouterr().out)]


def test_a_file_of_labels_says_what_they_are_asked_for_with(capsys: pytest.CaptureFixture[str]) -> None:
    Path("drugs.toml").write_text('[[label]]\nname = "DRUG"\ndescription = "medicine"\n')
    command = ["predict", "a.txt", "--model", SPAN, "--to", "jsonl", "--labels"]
    assert main([*command, "drugs.toml"]) == 0
    described, told = capsys.readouterr()
    assert "asked for DRUG as “medicine”" in told
    assert main([*command, "medicine"]) == 0
    named = spans(capsys.readouterr().out)
    assert [(text, "medicine", score) for text, _, score in spans(described)] == named
    assert named


def test_without_labels_nothing_is_loaded_and_it_is_said_how_they_are_given(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "gliner_config.json").write_text("{}")
    assert main(["predict", "a.txt", "--model", str(bare)]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "--labels drug,disease" in err


def test_of_a_model_that_has_labels_only_those_that_are_wanted_are_written(
    tiny_onnx: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["predict", "a.txt", "--model", str(tiny_onnx), "--to", "jsonl"]
    assert main([*command, "--threshold", "0"]) == 0
    everything = spans(capsys.readouterr().out)
    assert main([*command, "--threshold", "0", "--labels", "MISC,drug"]) == 0
    out, err = capsys.readouterr()
    assert {label for _, label, _ in everything} > {"MISC"} == {label for _, label, _ in spans(out)}
    assert "does not find drug: its labels are MISC, PER, ORG, LOC" in err
    assert main([*command, "--labels", "drug"]) == 2
    assert "--map" in capsys.readouterr().err
    assert main([*command, "--labels", "OTHER", "--map", "MISC=OTHER"]) == 0


@pytest.mark.parametrize("asked", ["2", "x", "-0.1", "nan"])
def test_a_threshold_is_a_probability(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["predict", "a.txt", f"--threshold={asked}"])
    assert "from 0 to 1" in capsys.readouterr().err


def test_a_higher_threshold_leaves_out_what_is_less_probable(
    tiny_onnx: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["predict", "a.txt", "--model", str(tiny_onnx), "--to", "jsonl", "--threshold"]
    found = []
    for threshold in ("0", "0.6"):
        assert main([*command, threshold]) == 0
        found.append(spans(capsys.readouterr().out))
    assert [span for span in found[0] if span[2] >= 0.6] == found[1] != found[0]


def test_sub_tokens_have_no_tags_to_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "a.txt", "--model", SPAN, "--labels", "drug", "--to", "wordpieces"]) == 2
    assert "has no tags" in capsys.readouterr().err


def test_models_says_what_it_is_and_that_nothing_has_to_be_added(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    assert main(["models"]) == 0
    assert "GLiNER" in capsys.readouterr().out
    assert main(["models", "info", TOKEN]) == 0
    out = capsys.readouterr().out
    assert "--labels" in out
    assert "temperature 1" in out
    assert main(["models", "info", SPAN, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["any_label"], facts["labels"], facts["precision"]) == (True, [], "fp32")
    assert main(["models", "add", SPAN]) == 2
    assert "used as it is" in capsys.readouterr().err
    assert list(cache.copies()) == []


def test_models_says_what_a_token_classifier_is(tiny_onnx: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "info", str(tiny_onnx), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["any_label"], facts["labels"]) == (False, ["MISC", "PER", "ORG", "LOC"])
    assert main(["models", "info", "none"]) == 2
    assert "no model" in capsys.readouterr().err
