"""Press Ctrl-C at random moments of every command: no traceback, exit code 130, and no half of a file.

    python benchmarks/interrupts.py [COMMAND...] [--times N] [--seed S] [--checkpoint DIR] [--json]

Each command runs once in peace, to see how long it takes and what it writes. Then it is interrupted (``SIGINT``, now
and then several in a row, as from a key that is held down) at a random moment from its start to its end. Afterwards its
output has to be whole or not there, nothing may be left in its folder that it does not name, and a project has to be
found sound. ``train`` and ``models`` need a checkpoint to begin with.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

TEXT = "Ada Okonkwo left Lisbon for Kestrel Labs in New York City. Nobody knew why.\n"
GOLD = "Ada B-PER\nOkonkwo I-PER\nleft O\nLisbon B-LOC\n. O\n\n"
COMMANDS: dict[str, str] = {
    "predict": "predict text.txt -o out.conll",
    "convert": "convert gold.conll --to jsonl -o out.jsonl",
    "folder": "convert many.conll --to jsonl -o made/",
    "score": "score gold.conll gold.conll",
    "diff": "diff gold.conll gold.conll",
    "check": "check gold.conll --repair conlleval -o out.conll",
    "load": "load dump.jsonl --project out.ner",
    "dump": "dump p.ner -o out.dump.jsonl",
    "export": "export p.ner -o out.conll",
    "rebuild": "check p.ner --rebuild -o out.ner",
    "info": "info p.ner",
    "train": "train gold.conll --base {checkpoint} --epochs 1 -o out",
    "models": "models add {checkpoint}",
}
HEADER = f"{'command':9} seconds  interrupted  finished  unborn  faults"


@dataclass
class Result:
    """What became of a command."""

    seconds: float = 0.0
    code: int = 0
    """Its exit code in peace: 0, or 1 for findings."""
    interrupted: int = 0
    """Ended with 130."""
    finished: int = 0
    """Was done before, with what it writes."""
    unborn: int = 0
    """Ended before anything of this program was there to take the signal."""
    faults: list[str] = field(default_factory=list)


def prepare(folder: Path) -> None:
    """Make what the commands read, as much of it that they take a moment."""
    folder.mkdir()
    (folder / "text.txt").write_text(TEXT * 150, encoding="utf-8")
    (folder / "gold.conll").write_text(GOLD * 4_000, encoding="utf-8")
    (folder / "many.conll").write_text("-DOCSTART- O\n\n".join([GOLD * 60] * 60), encoding="utf-8")
    # Larger ones are read bit by bit while a session goes on.
    (folder / "little.conll").write_text(GOLD * 300, encoding="utf-8")
    for command in (
        "predict text.txt -o small.conll",
        "convert small.conll --to jsonl -o small.jsonl",
    ):
        subprocess.run([sys.executable, "-m", "ner_tui", *command.split()], cwd=folder, check=True, capture_output=True)
    script = (
        "from ner_tui.session import SessionOptions, open_session; "
        "s = open_session(['little.conll'], SessionOptions(project='p.ner')); "
        "[s.corrections.relabel(0, label) for label in ('ORG', 'LOC', 'PER') * 10]; s.close()"
    )
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)
    dump = [sys.executable, "-m", "ner_tui", "dump", "p.ner", "-o", "dump.jsonl"]
    subprocess.run(dump, cwd=folder, check=True, capture_output=True)


def start(words: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start a command in ``folder``; what it keeps for later is there too."""
    return subprocess.Popen(
        [sys.executable, "-m", "ner_tui", *words],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def outputs(folder: Path, master: Path) -> dict[str, bytes]:
    """Return the files that are not of the folder that was copied."""
    there = {path.name for path in master.iterdir()}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in there
    }


def interrupt(words: list[str], master: Path, whole: dict[str, bytes], result: Result, dice: random.Random) -> None:
    """Run a command on a copy of ``master`` and interrupt it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "work"
        shutil.copytree(master, folder)
        moment = dice.uniform(0, result.seconds * 1.05)
        process = start(words, folder)
        time.sleep(moment)
        for _ in range(dice.choice((1, 1, 1, 3))):
            process.send_signal(signal.SIGINT)
            time.sleep(0.01)
        try:
            _, said = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
            result.faults.append(f"after {moment:.2f} s: went on for a minute")
        _judge(process.returncode, said.decode(errors="replace"), moment, folder, master, whole, result)


def _judge(
    code: int, said: str, moment: float, folder: Path, master: Path, whole: dict[str, bytes], result: Result
) -> None:
    left, when = outputs(folder, master), f"after {moment:.3f} s"
    for kept in re.findall(r"goes on from (\S+)", said):
        # Meant to be there, and said.
        left = {name: data for name, data in left.items() if name not in (kept, f"{kept}.json")}
    begun = "ner_tui/cli" in said
    unborn = "Traceback" in said and not begun
    if unborn:
        result.unborn += 1
    elif code in (130, -signal.SIGINT):
        # The interpreter that is about to end leaves the signal to the system; to a shell that is 130 too.
        result.interrupted += 1
    elif code == result.code:
        result.finished += 1
    else:
        result.faults.append(f"{when}: exit code {code}: {said[-600:]}")
    if begun and ("Traceback" in said or "Exception ignored" in said):
        result.faults.append(f"{when}: {said[-600:]}")
    done = code == result.code and not unborn
    if (left and left.keys() != whole.keys()) or (done and not left and whole):
        result.faults.append(f"{when}: left behind {sorted(left)}")
    for name in left.keys() & whole.keys():
        if not _whole(folder / name, left[name], whole[name]):
            result.faults.append(f"{when}: {name} is half written: {len(left[name])} of {len(whole[name])} bytes")


def _whole(path: Path, left: bytes, whole: bytes) -> bool:
    """Whether a file is what it should be; those in which there are times cannot be compared byte by byte."""
    if path.suffix == ".json" and left != whole:
        return bool(json.loads(left).keys() == json.loads(whole).keys())
    if path.suffix != ".ner":
        return left == whole or path.parent.name == "out"
    return subprocess.run([sys.executable, "-m", "ner_tui", "check", path], capture_output=True).returncode == 0


def examine(command: str, words: list[str], master: Path, times: int, dice: random.Random) -> Result:
    """Run a command in peace, then interrupt it ``times`` times."""
    result = Result()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / command
        shutil.copytree(master, folder)
        begun = time.monotonic()
        process = start(words, folder)
        _, said = process.communicate()
        result.seconds, result.code = time.monotonic() - begun, process.returncode
        if result.code > 1:
            result.faults.append(f"in peace: exit code {result.code}: {said[-600:]!r}")
        whole = outputs(folder, master)
    for _ in range(times):
        interrupt(words, master, whole, result, dice)
    return result


def row(command: str, result: Result) -> str:
    """Return what became of a command as a line, its first faults below."""
    numbers = f"{result.seconds:7.2f} {result.interrupted:12} {result.finished:9} {result.unborn:7}"
    return "\n  ".join([f"{command:9} {numbers} {len(result.faults):7}", *result.faults[:5]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", nargs="*", help=f"some of {', '.join(COMMANDS)}; all if none is named")
    parser.add_argument("--times", type=int, default=50, help="interruptions of each command (default: 50)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint", default="", help="for train and models, which are left out without one")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    # What runs in the background has the signal ignored, and so would the commands.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    dice, results = random.Random(arguments.seed), dict[str, Result]()
    with tempfile.TemporaryDirectory() as name:
        master = Path(name) / "master"
        prepare(master)
        if not arguments.json:
            print(HEADER, flush=True)
        for command in arguments.command or COMMANDS:
            if "{checkpoint}" in COMMANDS[command] and not arguments.checkpoint:
                continue
            checkpoint = os.path.abspath(arguments.checkpoint)  # noqa: PTH100
            words = COMMANDS[command].format(checkpoint=checkpoint).split()
            results[command] = examine(command, words, master, arguments.times, dice)
            if not arguments.json:
                print(row(command, results[command]), flush=True)
    if arguments.json:
        print(json.dumps({command: vars(result) for command, result in results.items()}))
    return 1 if any(result.faults for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
