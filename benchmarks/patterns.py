"""Patterns: time and memory to load a million terms, and words a second that they are matched at, on one core.

    python -m benchmarks.patterns [--terms N] [--words N] [--json] [--measure FILE]

Terms and text are made by chance from a seed: names of one to four words from a vocabulary as skewed as that of a real
list, and sentences of about 25 words with a term in each. Each kind of file is loaded by a process of its own
(``--measure``), whose memory is all that it ever had. Seconds are those of the processor.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from time import process_time

from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import make_token

KINDS = ("txt", "csv", "jsonl", "jsonl, LOWER", "jsonl, LOWER, and 50 token patterns")
_LETTERS = "aeinorstlkmdbvguzp"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--terms", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=300_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", metavar="FILE", help="load one file and match; used by the benchmark itself")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measure(Path(options.measure), options.words)))
        return
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, kind in enumerate(KINDS):
            path = Path(folder, f"{number}.{kind[:5].split(',')[0]}")
            _write(path, kind, options.terms)
            command = [
                sys.executable,
                "-m",
                "benchmarks.patterns",
                "--measure",
                str(path),
                "--words",
                str(options.words),
            ]
            found[kind] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            path.unlink()
            if not options.json:
                row = found[kind]
                print(
                    f"{kind:36} {options.terms:,} terms in {row['load_s']:.1f} s and {row['mib']:.0f} MiB, "
                    f"{row['words_per_s']:,.0f} words/s, {row['matches']:,} matches",
                    flush=True,
                )
    if options.json:
        print(json.dumps(found))


def _names(chance: random.Random, number: int) -> list[list[str]]:
    vocabulary = [
        "".join(chance.choices(_LETTERS, k=chance.randint(3, 10))).title() for _ in range(max(1_000, number // 3))
    ]
    # As in lists of names, few words are common and most are rare.
    return [
        [vocabulary[int(len(vocabulary) * chance.random() ** 3)] for _ in range(chance.randint(1, 4))]
        for _ in range(number)
    ]


def _write(path: Path, kind: str, number: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for name in _names(random.Random(1), number):
            if kind == "txt":
                file.write(f"{' '.join(name)}\n")
            elif kind == "csv":
                file.write(f"{' '.join(name)},PER\n")
            else:
                lower = [{"LOWER": word.lower()} for word in name] if "LOWER" in kind else " ".join(name)
                file.write(f"{json.dumps({'label': 'PER', 'pattern': lower})}\n")
        for at in range(50 if "token patterns" in kind else 0):
            token = {"TEXT": {"REGEX": f"^[A-{chr(65 + at % 26)}].*{_LETTERS[at % 18]}$"}, "OP": "+"}
            file.write(f"{json.dumps({'label': 'ORG', 'pattern': [token, {'IS_TITLE': True}, {'LENGTH': 4}]})}\n")


def _measure(path: Path, words: int) -> dict[str, float]:
    from ner_tui.patterns.reading import PatternFile, read_patterns

    cut = list(blocks(_sentences(path, words)))
    begun = process_time()
    patterns = read_patterns([PatternFile(str(path), "PER")])
    # The last of the work is done when something is looked for.
    patterns.find(cut[0][:1])
    loaded = process_time() - begun
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = process_time()
    matches = sum(len(spans) for block in cut for spans in patterns.find(block))
    return {
        "load_s": round(loaded, 2),
        "mib": round(kilobytes / 1024),
        "words_per_s": round(sum(len(each.tokens) for block in cut for each in block) / (process_time() - begun)),
        "matches": matches,
    }


def _sentences(path: Path, words: int) -> list[Sentence]:
    """Return sentences of common words with words of the file's terms among them."""
    chance = random.Random(2)
    common = ["".join(chance.choices(_LETTERS, k=chance.randint(1, 8))) for _ in range(20_000)]
    with path.open(encoding="utf-8") as file:
        lines = list(islice(file, 50_000))
    found, start = [], 0
    for _ in range(words // 25):
        some = [common[int(20_000 * chance.random() ** 3)] for _ in range(23)]
        line = chance.choice(lines)
        pattern = json.loads(line)["pattern"] if line.startswith("{") else line.split(",")[0].strip()
        term = pattern.split() if isinstance(pattern, str) else [each.get("LOWER", "") for each in pattern]
        some[12:12] = [word for word in term if word] or ["x"]
        text = "".join(f"{word} " for word in some)
        tokens, at = [], start
        for word in some:
            tokens.append(make_token((at, at + len(word))))
            at += len(word) + 1
        found.append(Sentence(start, text, tuple(tokens)))
        start = at
    return found


if __name__ == "__main__":
    main()
