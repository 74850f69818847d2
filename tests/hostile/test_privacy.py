"""What is private stays so: no network without a hub's name, no file that was not asked for, and the umask holds."""

from __future__ import annotations

import io
import os
import pwd
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.errors import ModelError
from ner_tui.predictors import load
from ner_tui.session import SessionOptions, open_session
from ner_tui.session.place import Place
from ner_tui.store.project import Project
from ner_tui.training.folder import drafted

SAMPLES = Path(__file__).parents[2] / "sample_texts"
MASK, MODE = 0o027, 0o640


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let nothing out; what was tried."""
    tried: list[object] = []

    def refuse(*arguments: object, **_: object) -> object:
        tried.append(arguments[-2:])
        raise OSError("no network here")

    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    return tried


@pytest.fixture
def mask() -> Iterator[None]:
    before = os.umask(MASK)
    yield
    os.umask(before)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folders, all of them empty, and a folder to work in beside them."""
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setattr("tempfile.tempdir", str(home))
    monkeypatch.chdir(work)
    return home


def work_through(*models: Path) -> set[str]:
    """Run every command that reads or writes texts; return the names of the files that were asked for."""
    text, conll = str(SAMPLES / "email.txt"), str(SAMPLES / "reports.conll")
    session = open_session([text, conll], SessionOptions(project="p.ner", annotator="a"))
    session.corrections.flag(0)
    session.close()
    for number, model in enumerate(models):
        assert main(["predict", text, "--model", str(model), "-o", f"p{number}.conll"]) == 0
    asked = [
        ["export", "p.ner", "-o", "e.jsonl", "--to", "jsonl"],
        ["export", "p.ner", "-o", "e.ann", "--to", "prodigy"],
        ["convert", conll, "-o", "c.jsonl", "--to", "jsonl", "--on-loss", "warn"],
        ["check", conll, "--repair", "discard", "-o", "r.conll"],
        ["check", "p.ner"],
        ["check", "p.ner", "--rebuild", "-o", "q.ner"],
        ["score", conll, conll],
        ["diff", conll, conll],
        ["info", "p.ner"],
        ["dump", "p.ner", "-o", "d.jsonl"],
        ["load", "d.jsonl", "--project", "l.ner"],
        ["models"],
    ]
    for arguments in asked:
        assert main(arguments) in (0, 1), arguments
    named = {*(f"p{number}.conll" for number in range(len(models))), "p.ner"}
    return named | {line[line.index(flag) + 1] for line in asked for flag in ("-o", "--project") if flag in line}


def test_no_command_uses_the_network_without_a_name_of_the_hub(
    home: Path, dialled: list[object], tiny_onnx: Path, tiny_checkpoint: Path
) -> None:
    work_through(tiny_onnx, tiny_checkpoint)
    assert dialled == []


def test_a_name_of_the_hub_does_use_it(home: Path, dialled: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    # A person may have told the library to stay offline, and then it does.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    assert main(["predict", str(SAMPLES / "email.txt"), "--model", "nobody/nothing"]) == 2
    assert dialled


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names with ``evil`` in them that the system was asked for, of files and of users."""
    asked: list[str] = []

    def watch(where: object, name: str) -> None:
        real = getattr(where, name)

        def watched(path: object, *arguments: object, **named: object) -> object:
            if "evil" in str(path):
                asked.append(f"{name} {path}")
            return real(path, *arguments, **named)

        monkeypatch.setattr(where, name, watched)

    for name in ("stat", "lstat", "open", "access", "readlink", "listdir", "scandir"):
        watch(os, name)
    watch(io, "open")
    watch(pwd, "getpwnam")
    return asked


@pytest.mark.thorough
@pytest.mark.parametrize(
    "model",
    ["evil/model", "evil", "./evil/model", "~/evil", "~evil/model", "/net/evil/model", "//evil/share", r"\\evil\share"],
)
def test_a_model_that_a_project_names_is_not_looked_for(
    model: str, home: Path, dialled: list[object], looked_at: list[str], tiny_onnx: Path
) -> None:
    text = str(SAMPLES / "email.txt")
    open_session([text], SessionOptions(project="p.ner", annotator="stranger")).close()
    project = Project.open(Path("p.ner"))
    project.set_setting("model", model)
    project.close()
    for arguments in (
        ["info", "p.ner"],
        ["check", "p.ner"],
        ["check", "p.ner", "--rebuild", "-o", "q.ner"],
        ["export", "p.ner", "-o", "e.conll"],
        ["score", "p.ner", "p.ner", "--sentences", "all"],
        ["dump", "p.ner", "-o", "d.jsonl"],
    ):
        assert main(arguments) in (0, 1), arguments
    session = open_session([text], SessionOptions(project="p.ner", annotator="me", load=load))
    assert session.unchosen_model == model
    prediction, question = session.prediction(lambda: Place(1, 0)), session.model_question(0, 1)
    assert prediction is not None
    assert question is not None
    for ask in (lambda: list(prediction.run(lambda: False)), question.run):
        with pytest.raises(ModelError, match="you have not chosen it"):
            ask()
    assert (dialled, looked_at) == ([], [])
    # Once it is chosen it is looked for, and where that is told what is found.
    session.choose_model()
    again = session.prediction(lambda: Place(1, 0))
    assert again is not None
    with pytest.raises(ModelError):
        list(again.run(lambda: False))
    session.close()
    assert looked_at


def test_nothing_is_written_but_what_was_asked_for(home: Path, tiny_onnx: Path) -> None:
    asked = work_through(tiny_onnx)
    # What SQLite keeps beside a project goes with the last who writes to it.
    assert {path.name.removesuffix("-wal").removesuffix("-shm") for path in Path().iterdir()} == asked
    assert [*home.rglob("*")] == []


def test_files_that_are_made_get_the_rights_that_the_umask_leaves(home: Path, mask: None, tiny_onnx: Path) -> None:
    for name in work_through(tiny_onnx):
        assert oct(Path(name).stat().st_mode & 0o777) == oct(MODE), name


def test_a_checkpoint_that_is_made_gets_them_too(home: Path, mask: None, tiny_checkpoint: Path) -> None:
    """The library that writes weights gives them to nobody but their owner."""
    with drafted(Path("made")) as draft:
        shutil.copytree(tiny_checkpoint, draft / "part")
        (draft / "part" / "model.safetensors").chmod(0o600)
    assert {oct(path.stat().st_mode & 0o777) for path in Path("made").rglob("*") if path.is_file()} == {oct(MODE)}
