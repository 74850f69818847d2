"""Print the figures of speed, each beside a peer's on the same input.

    python -m benchmarks DATA --checkpoint DIR [--base DIR] [--runs N] [--json]

DATA is a folder with CoNLL files; ``--checkpoint`` has the bundled model's weights in safetensors, ``--base`` is any
token-classification checkpoint of BERT-base's size. Rows that need what is not given are left out. The peer of the
first row is an empty Textual app with header and footer, of the others the transformers pipeline in fp32.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from benchmarks.speed import Row, rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoint", help="folder with the bundled model's weights in safetensors")
    parser.add_argument("--base", help="checkpoint folder of about BERT-base's size")
    parser.add_argument("--runs", type=int, default=5, help="of which the median is taken (default: 5)")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    measured: list[Row] = []
    if not arguments.json:
        print(f"{'':66}{'ours':>11}{'peer':>11}{'ratio':>8}{'bar':>9}")
    for row in rows(arguments.data, arguments.checkpoint, arguments.base, arguments.runs):
        measured.append(row)
        if not arguments.json:
            bar = f"{'≥' if row.more_is_better else '≤'} {row.bar:.3g}"
            cells = f"{row.ours:11,.2f}{row.peer:11,.2f}{row.ratio:8.3f}{bar:>9}"
            print(f"{row.name + ', ' + row.unit:66}{cells}{'' if row.met else '  not met'}", flush=True)
    if arguments.json:
        found = {row.name: {"ours": row.ours, "peer": row.peer, "ratio": row.ratio} for row in measured}
        print(json.dumps(found, indent=2))
        return
    print(f"{os.cpu_count()} processors; load of the machine at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
