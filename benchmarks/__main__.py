"""Print the figures of speed, each beside a peer's on the same input.

    python -m benchmarks --list
    python -m benchmarks DATA [--checkpoint DIR] [--base DIR] [--slate DIR] [--runs N] [--plot FILE] [--json]

``--list`` says what every benchmark shows and how it is run. DATA is a folder with CoNLL files; ``--checkpoint`` has
the bundled model's weights in safetensors, ``--base`` is any token-classification checkpoint of BERT-base's size,
``--slate`` is where ``pip install --target DIR slate-nlp`` put SLATE. Rows that need what is not given are left out.
The peer of the first row is an empty Textual app with header and footer, of labelling the transformers pipeline in
fp32; the rows of a million sentences are those of ``benchmarks.scale`` and take half an hour. ``--plot`` draws ours
beside other programs, and lists the other rows below.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks import scale, speed
from benchmarks.listing import listed
from benchmarks.speed import Row
from benchmarks.table import show


def _rows(options: argparse.Namespace) -> Iterator[Row]:
    yield from speed.rows(options.data, options.checkpoint, options.base, options.runs)
    if options.slate:
        yield from scale.rows(options.data, options.slate)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="say what every benchmark shows and how it is run")
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--checkpoint", help="folder with the bundled model's weights in safetensors")
    parser.add_argument("--base", help="checkpoint folder of about BERT-base's size")
    parser.add_argument("--slate", help="folder that SLATE was installed in")
    parser.add_argument("--runs", type=int, default=5, help="of which the median is taken (default: 5)")
    parser.add_argument("--plot", type=Path, help="SVG to draw the rows into")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.list:
        print(listed())
        return
    if options.data is None:
        parser.error("name the folder with CoNLL files, or --list")
    show(_rows(options), as_json=options.json, plot=options.plot)


if __name__ == "__main__":
    main()
