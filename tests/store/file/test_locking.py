"""One session at a time changes a project; the next is told who has it, and a holder that died holds nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store.test_journal import sit

from ner_tui.errors import EditRefused, InputError, ProjectError
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.store.file import locking
from ner_tui.store.file.locking import Lock, network_file_system
from ner_tui.store.project import Project

HOLDING = "import sys, time; from pathlib import Path; from ner_tui.store.file.locking import Lock\n" + (
    "lock = Lock(Path(sys.argv[1]), 'grace'); print('held', flush=True); time.sleep(60)"
)


def look(folder: Path) -> Session:
    return open_session([], SessionOptions(project=str(folder / "p.ner"), annotator="eve", read_only=True))


def hold(project: Path) -> subprocess.Popen[str]:
    """Another process that holds a project."""
    command = [sys.executable, "-c", HOLDING, str(project)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_sitting_is_told_who_has_the_project_and_how_to_look_at_it(tmp_path: Path) -> None:
    sit(tmp_path).close()
    process = hold(tmp_path / "p.ner")
    try:
        with pytest.raises(ProjectError, match=rf"grace on .*process {process.pid}, since .*--read-only"):
            sit(tmp_path)
    finally:
        process.kill()
        process.wait()


def test_a_holder_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    process = hold(tmp_path / "p.ner")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / "p.ner-lock").exists()
    sit(tmp_path).close()
    assert not (tmp_path / "p.ner-lock").exists()


def test_the_lock_ends_with_the_sitting_and_with_an_opening_that_failed(tmp_path: Path) -> None:
    session = sit(tmp_path)
    with pytest.raises(ProjectError, match="ada on"):
        sit(tmp_path)
    session.close()
    with pytest.raises(InputError):
        open_session([str(tmp_path / "none.txt")], SessionOptions(project=str(tmp_path / "q.ner")))
    sit(tmp_path).close()
    assert not list(tmp_path.glob("*-lock"))


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b'"x"', b'{"pid": 1e999}', b"\xff" * 9000, b"[" * 4000])
def test_a_lock_file_of_anything_is_no_obstacle_if_nobody_has_it_locked(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.ner-lock").write_bytes(content)
    sit(tmp_path).close()


def test_without_locks_on_files_the_process_that_is_named_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_lock", lambda file: None)
    path = tmp_path / "p.ner-lock"

    def write(**changed: object) -> None:
        holder = {"annotator": "grace", "host": socket.gethostname(), "pid": os.getppid(), "begun": time.time()}
        path.write_text(json.dumps(holder | changed))

    write()
    with pytest.raises(ProjectError, match=r"grace.*delete p\.ner-lock"):
        Lock(tmp_path / "p.ner", "ada")
    write(host="elsewhere")
    with pytest.raises(ProjectError, match="elsewhere"):
        Lock(tmp_path / "p.ner", "ada")
    write(annotator="\x1b]0;evil\x07", host="elsewhere")
    with pytest.raises(ProjectError) as refused:
        Lock(tmp_path / "p.ner", "ada")
    assert "\x1b" not in str(refused.value)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    write(pid=gone.pid)
    Lock(tmp_path / "p.ner", "ada").release()


def test_a_process_that_only_has_the_number_of_the_holder_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_lock", lambda file: None)
    process = hold(tmp_path / "p.ner")
    path = tmp_path / "p.ner-lock"
    try:
        with pytest.raises(ProjectError, match="grace"):
            Lock(tmp_path / "p.ner", "ada")
        fields = json.loads(path.read_text())
        boot, ticks = fields["started"].split()
        for started in (f"{boot} {int(ticks) - 1}", f"another-boot {ticks}"):
            path.write_text(json.dumps(fields | {"started": started}))
            Lock(tmp_path / "p.ner", "ada").release()
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells elsewhere when a process was started")
def test_a_process_that_was_killed_and_not_waited_for_holds_nothing(tmp_path: Path) -> None:
    process = hold(tmp_path / "p.ner")
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert (tmp_path / "p.ner-lock").exists()
        Lock(tmp_path / "p.ner", "ada").release()
    finally:
        process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells elsewhere when a process was started")
def test_a_project_that_is_open_by_a_mount_that_hands_no_locks_on_is_neither_changed_nor_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Project.open(tmp_path / "p.ner", create=True).close()
    # Its log is there as long as this reader is.
    reader = Project.open(tmp_path / "p.ner", read_only=True)
    process = hold(tmp_path / "p.ner")
    writer = sqlite3.connect(tmp_path / "p.ner")
    writer.execute("INSERT INTO setting VALUES ('theme', 'nord')")
    writer.commit()
    try:
        Project.open(tmp_path / "p.ner", read_only=True).close()
        monkeypatch.setattr(locking, "_lock", lambda file: True)
        with pytest.raises(ProjectError, match=rf"open by another mount .*: grace on .*process {process.pid}"):
            Lock(tmp_path / "p.ner", "ada")
        with pytest.raises(
            ProjectError, match=rf"open by another mount .*: grace on .*process {process.pid}.* as .*p\.ner\."
        ):
            Project.open(tmp_path / "p.ner", read_only=True)
    finally:
        process.kill()
        process.wait()
    Project.open(tmp_path / "p.ner", read_only=True).close()
    Lock(tmp_path / "p.ner", "ada").release()
    writer.close()
    reader.close()


def test_a_copy_of_a_folder_whose_project_is_open_is_another_project(tmp_path: Path) -> None:
    sit(tmp_path).close()
    process = hold(tmp_path / "p.ner")
    try:
        (tmp_path / "copy").mkdir()
        shutil.copy(tmp_path / "p.ner", tmp_path / "copy")
        lock = json.loads((tmp_path / "p.ner-lock").read_text())
        # It is copied a minute later.
        (tmp_path / "copy" / "p.ner-lock").write_text(json.dumps(lock | {"begun": lock["begun"] - 60}))
        Lock(tmp_path / "copy" / "p.ner", "ada").release()
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be removed there")
def test_a_lock_that_is_let_go_names_nobody_where_its_file_cannot_be_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = Lock(tmp_path / "p.ner", "ada")

    def fail(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "unlink", fail)
    lock.release()
    assert (tmp_path / "p.ner-lock").read_bytes() == b""
    Lock(tmp_path / "p.ner", "eve").release()


def test_a_link_in_place_of_the_lock_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep")
    (tmp_path / "p.ner-lock").symlink_to(tmp_path / "precious")
    with pytest.raises(ProjectError, match="cannot be written"):
        sit(tmp_path)
    assert (tmp_path / "precious").read_text() == "keep"


def test_a_read_only_sitting_shows_everything_and_changes_nothing(tmp_path: Path) -> None:
    session = sit(tmp_path)
    session.corrections.label(0, 3, "PER", cursor=0)
    eve = look(tmp_path)
    assert [mark.span.label for mark in eve.document.spans(0, 30)] == ["PER"]
    assert eve.row().spans == 1
    session.corrections.label(17, 20, "ORG", cursor=17)
    assert len(eve.document.spans(0, 30)) == 2
    assert eve.row().spans == 2
    for attempt in (
        lambda: eve.corrections.relabel(0, "ORG"),
        eve.corrections.undo,
        lambda: eve.label_editing.add("GENE"),
        lambda: eve.concordance.label([], "PER"),
    ):
        with pytest.raises(EditRefused, match="read-only"):
            attempt()
    eve.remember_cursor(20)
    eve.theme = "nord"
    eve.open(1)
    eve.close()
    assert session.theme == ""
    assert session.document.cursor == 0
    session.close()


def test_read_only_refuses_what_it_could_not_keep(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to look at"):
        look(tmp_path)
    sit(tmp_path).close()
    (tmp_path / "other.txt").write_text("Eve left.\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds none of these files"):
        open_session([str(tmp_path / "other.txt")], SessionOptions(project=str(tmp_path / "p.ner"), read_only=True))
    with pytest.raises(InputError, match="leave out"):
        open_session([], SessionOptions(project=str(tmp_path / "p.ner"), read_only=True, add=True))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the rights of folders do not bind this user")
def test_a_project_in_a_folder_that_cannot_be_written_can_be_looked_at(tmp_path: Path) -> None:
    sit(tmp_path).close()
    tmp_path.chmod(0o555)
    try:
        look(tmp_path).close()
        with pytest.raises(ProjectError, match="--read-only"):
            sit(tmp_path)
    finally:
        tmp_path.chmod(0o755)


def test_network_file_systems_are_known_by_the_longest_mount_point(tmp_path: Path) -> None:
    folder = tmp_path / "my \\ own\tfiles"
    folder.mkdir()
    quoted = str(folder).replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011")
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {quoted} nfs4 rw 0 0\nodd\n")
    assert network_file_system(folder / "p.ner", mounts) == "nfs4"
    assert network_file_system(tmp_path / "p.ner", mounts) is None
    assert network_file_system(folder / "p.ner", tmp_path / "none") is None


def test_a_lock_file_says_who_holds_the_project_and_goes_with_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "p.ner-lock"
    lock = Lock(tmp_path / "p.ner", "ada\n")
    fields = json.loads(path.read_text())
    assert (fields["annotator"], fields["host"], fields["pid"]) == ("ada\n", socket.gethostname(), os.getpid())
    assert abs(fields["begun"] - time.time()) < 60
    lock.release()
    lock.release()
    assert not path.exists()


def test_a_lock_whose_file_was_deleted_is_taken_again(tmp_path: Path) -> None:
    path = tmp_path / "p.ner-lock"
    lock = Lock(tmp_path / "p.ner", "ada")
    lock.keep()
    before = path.stat().st_ino
    path.rename(tmp_path / "kept so that its number is not given again")
    lock.keep()
    assert path.stat().st_ino != before
    assert json.loads(path.read_text())["annotator"] == "ada"
    lock.release()
    lock.keep()
    assert not path.exists()


def test_a_lock_that_another_session_has_taken_is_lost(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "p.ner", "ada")
    (tmp_path / "p.ner-lock").unlink()
    process = hold(tmp_path / "p.ner")
    try:
        with pytest.raises(ProjectError, match="grace on"):
            lock.keep()
        lock.release()
        assert (tmp_path / "p.ner-lock").exists()
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="projects themselves are not locked")
def test_a_project_is_locked_by_all_of_its_names(tmp_path: Path) -> None:
    project, other = tmp_path / "p.ner", tmp_path / "q.ner"
    lock = Lock(project, "ada")
    project.write_bytes(b"made meanwhile")
    other.hardlink_to(project)
    Lock(other, "eve").release()
    lock.cover()
    lock.cover()
    with pytest.raises(ProjectError, match="by another name of it"):
        Lock(other, "eve")
    assert not (tmp_path / "q.ner-lock").exists()
    Lock(other, "eve", on_project=False).release()
    lock.release()
    Lock(other, "eve").release()


@pytest.mark.skipif(sys.platform != "linux", reason="projects themselves are not locked")
def test_a_lock_that_is_over_holds_nothing_though_the_project_is_still_being_read_here(tmp_path: Path) -> None:
    project, other = tmp_path / "p.ner", tmp_path / "q.ner"
    Project.open(project, create=True).close()
    other.hardlink_to(project)
    reader = Project.open(project, read_only=True)
    Lock(project, "ada").release()
    Lock(other, "eve").release()
    reader.close()


def test_a_lock_file_with_another_name_is_no_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep")
    (tmp_path / "p.ner-lock").hardlink_to(tmp_path / "precious")
    with pytest.raises(ProjectError, match="no file of its own"):
        Lock(tmp_path / "p.ner", "ada")
    assert (tmp_path / "precious").read_text() == "keep"


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells there which files are open")
def test_of_a_lock_that_is_over_no_file_stays_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for refused in (False, True):
        lock = Lock(tmp_path / "p.ner", "ada")
        if refused:
            with pytest.raises(ProjectError):
                Lock(tmp_path / "p.ner", "eve")
        lock.release()
        lock.release()
        assert len(list(Path("/proc/self/fd").iterdir())) == before
