"""Count the texts of prose that are taken for columns, or refused, and say how files of columns are read.

    python -m benchmarks.prose DATA [COLUMNS...] [--paragraphs N] [--seed S]

DATA is a folder: each document of ``ud-ewt/*.conllu`` as raw text, and N paragraphs drawn from ``prose/*.txt`` and from
the sentences of ``ner/*.conll``, joined as people write them. Each paragraph stands in one of three layouts: one line,
wrapped at 72 characters, one sentence a line. None may be read as anything but text. COLUMNS are files of columns, and
folders of them, besides those of DATA (``ner``, ``originals``, ``conll-dialects``): how each is read is listed.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

# Run as a file, Python puts this folder on the path in place of the repository's root.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tokens import read_treebank
from ner_tui.domain.segmentation.sentences import segment
from ner_tui.domain.stream import AnnotatedSentence, StreamItem
from ner_tui.errors import EncodingError, InputError
from ner_tui.formats import Source, infer_format, open_source, read

LAYOUTS = ("one line", "wrapped at 72", "one sentence a line")
_LONGEST = 8
"""Sentences of a paragraph at the most."""
_COLUMN_FOLDERS = ("ner", "originals", "conll-dialects")
_NO_SPACE_BEFORE = re.compile(r" (?=[.,;:!?%)\]}’”]|'s\b|n't\b)")
_NO_SPACE_AFTER = re.compile(r"(?<=[(\[{$“‘]) ")


class Text(NamedTuple):
    """A text of prose and where it comes from."""

    origin: str
    layout: str
    text: str


def paragraphs(data: Path, number: int, seed: int) -> Iterator[Text]:
    """Yield paragraphs drawn by chance, in layouts in turn; as many from each file of a kind as it has sentences."""
    chance = random.Random(seed)
    sources = [(path.stem, sentences) for path, sentences in _sentences(data) if sentences]
    weights = [len(sentences) for _, sentences in sources]
    for at in range(number):
        origin, sentences = chance.choices(sources, weights)[0]
        size = chance.randint(1, _LONGEST)
        first = chance.randrange(len(sentences))
        layout = LAYOUTS[at % len(LAYOUTS)]
        yield Text(origin, layout, laid_out(sentences[first : first + size], layout))


def laid_out(sentences: Sequence[str], layout: str) -> str:
    """Return a paragraph of sentences in one of ``LAYOUTS``."""
    if layout == LAYOUTS[0]:
        return " ".join(sentences) + "\n"
    if layout == LAYOUTS[1]:
        return textwrap.fill(" ".join(sentences), 72, break_long_words=False) + "\n"
    return "".join(f"{sentence}\n" for sentence in sentences)


def joined(words: Sequence[str]) -> str:
    """Return a sentence's words as prose, most signs without the space that tokens have around them."""
    return _NO_SPACE_AFTER.sub("", _NO_SPACE_BEFORE.sub("", " ".join(words)))


def _sentences(data: Path) -> Iterator[tuple[Path, list[str]]]:
    for path in sorted((data / "prose").glob("*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")
        yield path, [found for each in segment(text) if (found := " ".join(each.text.split()))]
    for path in sorted((data / "ner").glob("*.conll")):
        items: Iterator[StreamItem] = read(open_source(str(path)))
        yield path, [joined(item.sentence.words) for item in items if isinstance(item, AnnotatedSentence)]


def _documents(data: Path) -> Iterator[Text]:
    for path in sorted((data / "ud-ewt").glob("*.conllu")):
        with path.open(encoding="utf-8") as lines:
            for gold in read_treebank(lines):
                yield Text(path.stem, "documents", gold.text)


def read_as(text: str) -> str:
    """Return the format that a text without a telling name is read as; ``refused`` where it is not."""
    try:
        return infer_format(Source("x.txt", "", text, "utf-8", False, "\n")).format
    except InputError:
        return "refused"


def _prose_table(texts: Iterator[Text]) -> int:
    counts: dict[tuple[str, str], Counter[str]] = {}
    wrong: list[tuple[str, str]] = []
    for origin, layout, text in texts:
        found = read_as(text)
        counts.setdefault((origin, layout), Counter())[found] += 1
        if found != "text":
            wrong.append((found, text))
    print("| prose | layout | texts | as text | as columns or records | refused |\n|---|---|---|---|---|---|")
    total: Counter[str] = Counter()
    for (origin, layout), found_as in sorted(counts.items()):
        total.update(found_as)
        print(f"| {origin} | {layout} | {_cells(found_as)} |")
    print(f"| all | | {_cells(total)} |")
    for found, text in wrong[:20]:
        print(f"{found}: {text[:200]!r}")
    return len(wrong)


def _cells(found: Counter[str]) -> str:
    others = found.total() - found["text"] - found["refused"]
    return " | ".join(f"{n:,}" for n in (found.total(), found["text"], others, found["refused"]))


def _column_table(paths: Sequence[Path]) -> None:
    print("\n| columns | read as |\n|---|---|")
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.name != "INDEX.txt":
                print(f"| {file.name} | {_told(file)} |")


def _told(file: Path) -> str:
    try:
        try:
            source = open_source(str(file))
        except EncodingError:
            source = open_source(str(file), "latin-1")
        return infer_format(source).sentence.partition(": read as ")[2]
    except InputError as error:
        return f"refused: {str(error).removeprefix(str(file)).lstrip(':0123456789 ')}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("columns", nargs="*", type=Path)
    parser.add_argument("--paragraphs", type=int, default=10_000, metavar="N", help="(default: 10000)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    def texts() -> Iterator[Text]:
        yield from _documents(options.data)
        yield from paragraphs(options.data, options.paragraphs, options.seed)

    wrong = _prose_table(texts())
    _column_table([*(options.data / name for name in _COLUMN_FOLDERS), *options.columns])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
