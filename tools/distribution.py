"""What is released, tried as people get it: the sdist, its wheel in an empty environment, and the lowest versions.

    python -m tools.distribution           # needs what pip installs from

The sdist has to hold every file that git does. The wheel is made of it, and installed in an environment of its own,
where ``ner-tui`` prints its help, predicts with the bundled model and opens ``review`` at a terminal. The tests that
``tools.lowest`` names then run in the unpacked sdist, with the lowest versions of all dependencies.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.lowest import ROOT
from tools.lowest import main as test_lowest

SECONDS = 60.0
"""How long ``review`` may take to show a text, and then to leave."""
_BUILD = "import setuptools.build_meta as backend, sys; backend.build_sdist(sys.argv[1])"


def main() -> int:
    """Try everything; the first thing that fails ends it."""
    os.environ.pop("PYTHONPATH", None)
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        sdist = _sdist(scratch)
        if lacking := missing(names_in(sdist), _tracked()):
            print(f"{sdist.name} lacks {len(lacking)} files, such as {lacking[0]}: name them in MANIFEST.in")
            return 1
        with tarfile.open(sdist) as archive:
            # Python 3.11.0 to 3.11.3 know no filter, and take no argument for it.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(scratch)
        tree = scratch / sdist.name.removesuffix(".tar.gz")
        wheel = _wheel(scratch, tree)
        _try_wheel(scratch, wheel, tree)
        print(f"{sdist.name} and {wheel.name}: complete, and ner-tui runs", flush=True)
        return test_lowest([str(_environment(scratch / "lowest")), str(tree)])


def missing(held: Iterable[str], tracked: Iterable[str]) -> list[str]:
    """Return the files of git that an sdist does not hold, in order."""
    return sorted({*tracked} - {*held})


def names_in(sdist: Path) -> list[str]:
    """Return the paths in an sdist, below its folder."""
    with tarfile.open(sdist) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def _tracked() -> list[str]:
    command = ["git", "ls-files", "-z"]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in found.split("\0") if name]


def _environment(folder: Path) -> Path:
    """Make an environment with nothing in it and return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder / "bin" / "python"


def _pip(python: Path, *arguments: str) -> None:
    # Isolated: the sources that the path or this folder leads to would pass for what is installed.
    subprocess.run([str(python), "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def _sdist(scratch: Path) -> Path:
    python = _environment(scratch / "build")
    _pip(python, "install", "setuptools>=77")
    subprocess.run([str(python), "-c", _BUILD, str(scratch)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return next(scratch.glob("*.tar.gz"))


def _wheel(scratch: Path, tree: Path) -> Path:
    python = scratch / "build" / "bin" / "python"
    _pip(python, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(scratch), str(tree))
    return next(scratch.glob("*.whl"))


def _try_wheel(scratch: Path, wheel: Path, tree: Path) -> None:
    """Install a wheel where there is nothing else, and use it."""
    python = _environment(scratch / "empty")
    _pip(python, "install", str(wheel))
    command, texts = str(python.with_name("ner-tui")), str(tree / "sample_texts")
    subprocess.run([command, "--help"], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
    out = scratch / "predicted.conll"
    subprocess.run([command, "predict", texts, "-o", str(out)], cwd=scratch, check=True, stderr=subprocess.DEVNULL)
    if "B-PER" not in out.read_text(encoding="utf-8"):
        raise SystemExit("predict finds nobody in the sample texts")
    review([command, "review", str(tree / "sample_texts" / "email.txt"), "--model", "none"], scratch)


def review(command: Sequence[str], folder: Path) -> None:
    """Open a text at a terminal of its own and leave again.

    Raises:
        SystemExit: the text is not shown, or it does not end well.
    """
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execve(command[0], list(command), os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"})
    shown, end, left = b"", time.monotonic() + SECONDS, False
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            if not left and b"sentence" in shown:
                os.write(terminal, b"q")
                left = True
            continue
        try:
            chunk = os.read(terminal, 1 << 16)
        except OSError:  # the other end is closed
            chunk = b""
        if not chunk:
            break
        shown += chunk
    else:
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if status or b"saved in" not in shown:
        raise SystemExit(f"review ends with {status}: {shown[-500:]!r}")


if __name__ == "__main__":
    sys.exit(main())
