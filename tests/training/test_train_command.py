"""``ner-tui train``: files and projects in, a model out, with how good it is and the command that uses it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")

import torch
from safetensors.torch import load_file

from ner_tui.cli import main
from ner_tui.cli.train import _files, _read, _Reporter
from ner_tui.domain.spelling import spelling_of
from ner_tui.errors import InputError
from ner_tui.session import SessionOptions, open_session
from ner_tui.training.loop import TrainingProgress

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def project(small_set: Path) -> Path:
    """A project of two documents of ten sentences; those of the first are confirmed."""
    shutil.copy(small_set, "small.conll")
    session = open_session(["small.conll"], SessionOptions(project="p.ner"))
    session.corrections.confirm_in_sight(0, 10**6)
    session.close()
    return Path("p.ner")


def interrupted_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def show(_: _Reporter, progress: TrainingProgress) -> None:
        if progress.step == step:
            raise KeyboardInterrupt

    monkeypatch.setattr(_Reporter, "show", show)


@pytest.mark.thorough
def test_a_project_is_learnt_from_and_an_interrupted_run_goes_on(
    tiny_base: Path, project: Path, small_set: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_base, "base")
    torch.save(load_file("base/model.safetensors"), "base/pytorch_model.bin")
    Path("base/model.safetensors").unlink()
    command = ["train", str(project), "--base", "base", "-o", "my model", "--dev", str(small_set), "--patience", "9"]
    options = ["--epochs", "2", "--learning-rate", "0.001"]

    assert main([*command, *options]) == 2
    assert "--allow-pickle" in capsys.readouterr().err
    options.append("--allow-pickle")

    with monkeypatch.context() as patch:
        interrupted_at(2, patch)
        assert main([*command, *options]) == 130
    err = capsys.readouterr().err
    assert "p.ner: its 10 confirmed sentences are read; 10 that are not confirmed are left out" in err
    assert "steps are too few to learn new labels from" in err
    assert "epoch 1, spans: small precision " in err
    assert "my model is not finished: the same command goes on from .my model.unfinished" in err

    assert main([*command, *options]) == 0
    out, err = capsys.readouterr()
    assert out == "my model\n"
    assert "going on where an earlier run was interrupted, after step 1 of 2" in err
    assert "epoch 1" not in err
    lines = err.splitlines()
    assert lines[-1] == "to review with it: ner-tui review TEXT... --model 'my model'"
    assert any(line.startswith("small, by the int8 graph: precision ") and " spans; " in line for line in lines)
    assert not Path(".my model.unfinished").exists()
    assert not any("Warning" in line or "Retrying" in line or "it/s" in line for line in lines)

    Path("a.txt").write_text("Anbe saw Coda.")
    assert main(["predict", "a.txt", "--model", "my model"]) == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["small.conll", "--patience", "2"], "--dev FILE"),
        (["small.conll", "--patience", "0"], "1 or more"),
        (["nothing.ner"], "nothing.ner"),
        (["fake.ner"], "fake.ner"),
        (["q.ner"], "no sentence is confirmed: confirm some"),
        (["small.conll", "--dev", "other.conll"], r"other.conll: its label MISC .*--labels LOC,ORG,PER,MISC"),
        (["r.toml", "q.ner"], "one recipe, not both"),
    ],
)
def test_what_cannot_be_learnt_from_is_told_in_one_sentence(
    small_set: Path, tiny_base: Path, capsys: Capture, arguments: list[str], told: str
) -> None:
    shutil.copy(small_set, "small.conll")
    Path("other.conll").write_text("Dutch B-MISC\n")
    Path("fake.ner").write_text("no project")
    Path("r.toml").write_text("")
    open_session(["other.conll"], SessionOptions(project="q.ner")).close()
    capsys.readouterr()
    try:
        code = main(["train", *arguments, "--base", str(tiny_base), "-o", "out"])
    except SystemExit as end:
        code = int(end.code or 0)
    err = capsys.readouterr().err
    assert code == 2
    assert re.search(told, err.splitlines()[-1])
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (("meta.json", "config.cfg"), "a spaCy pipeline"),
        (("vocab.txt",), "no config.json"),
    ],
)
def test_a_base_that_is_none_is_named(small_set: Path, capsys: Capture, files: tuple[str, ...], told: str) -> None:
    Path("base").mkdir()
    for name in files:
        (Path("base") / name).write_text("{}")
    assert main(["train", str(small_set), "--base", "base", "-o", "out"]) == 2
    assert told in capsys.readouterr().err


def test_folders_stand_for_their_files_and_tags_are_read_as_said() -> None:
    Path("data/more").mkdir(parents=True)
    for name in ("data/a.conll", "data/more/b.conll"):
        Path(name).write_text("Ada S_X\nleft O\n")
    Path("data/settings.json").write_text('{"a": 1}')
    assert [str(source.path) for source in _files(["data"])] == ["data/a.conll", "data/more/b.conll"]
    with pytest.raises(InputError, match="--tags-as B_PER, or --tags-as PER"):
        _read(Path("data/a.conll"), None)
    assert _read(Path("data/a.conll"), spelling_of(["B_PER", "O"])) == [[(["Ada", "left"], ["B-X", "O"])]]
    assert _read(Path("data/a.conll"), spelling_of(["PER", "O"])) == [[(["Ada", "left"], ["B-S_X", "O"])]]
