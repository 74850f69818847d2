"""Replay a corpus through the real session with an annotator who knows gold, with learning and without.

    python -m benchmarks.learning DATA [--sentences N] [--shuffles N] [--no-peers] [--no-keys] [--plot FILE] [--json]
    python -m benchmarks.learning DATA --stream FILE [--stream FILE]... [--known]

DATA is a folder with the sets; ``--stream`` replays column files instead, whose labels the model knows if ``--known``
is given. The annotator takes the sentences in the order of the file: every span of gold that is not suggested as it is
costs a correction, every suggestion where gold has nothing another one; what is right and doubtful is accepted, and the
sentence confirmed. Printed is, for each stream, how many corrections its last 80 % took, with and without learning, and
with the peers: a CRF that is fitted anew every ten sentences (python-crfsuite), a dictionary of decided strings, and
spaCy's ``nlp.update``, each where it is installed; presses for each entity; span F1 of the suggestions for sentences
not yet seen; how many right suggestions of the model were broken for each wrong one repaired; the seconds that learning
took; and how long keys took meanwhile, in the program itself. ``--shuffles`` replays each stream in other orders, too.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks.learning_keys import key_times
from benchmarks.learning_peers import peers
from benchmarks.learning_plot import plotted
from benchmarks.learning_replay import LATE, corrections, replay
from benchmarks.learning_streams import Stream, shuffled, streams
from ner_tui.predictors import load
from ner_tui.predictors.base import Predictor


def measure(
    stream: Stream, predictor: Predictor, *, with_peers: bool, with_keys: bool
) -> tuple[dict[str, object], dict[str, list[int]]]:
    """Return the figures of a stream, and the corrections of each sentence by who suggested."""
    alone, learning = replay(stream, predictor, learn=False), replay(stream, predictor, learn=True)
    gold = [set(spans) for _, spans in stream.gold]
    broken = repaired = 0
    for before, after, right in zip(alone.suggested, learning.suggested, gold, strict=True):
        broken += len((before & right) - after)
        repaired += len((after & right) - before) + len((before - right) - after)
    late = slice(int(LATE * len(gold)), None)
    entities = max(sum(map(len, gold)), 1)
    lines = {"without learning": alone.corrections, "ner-tui": learning.corrections}
    found: dict[str, object] = {
        "static": sum(alone.corrections),
        "learning": sum(learning.corrections),
        "last80": {"static": alone.late, "learning": learning.late},
        "f1": {str(done): round(value, 1) for done, value in learning.f1.items()},
        "presses": {"static": round(alone.presses / entities, 2), "learning": round(learning.presses / entities, 2)},
        "broken": broken,
        "repaired": repaired,
        "fit_p95": round(sorted(learning.fits)[int(0.95 * len(learning.fits))], 3) if learning.fits else 0.0,
        "fit_most": round(max(learning.fits, default=0.0), 3),
    }
    if with_peers:
        for name, rows in peers(stream.gold).items():
            lines[name] = [corrections(some, spans) for some, (_, spans) in zip(rows, stream.gold, strict=True)]
        found["peers"] = {name: sum(lines[name][late]) for name in lines if name not in ("without learning", "ner-tui")}
    if with_keys:
        still, busy = key_times(stream.gold, stream.labels)
        found |= {"key_p95": round(busy / 1000, 4), "key_p95_still": round(still / 1000, 4)}
    return found, lines


def show(name: str, found: dict[str, object]) -> None:
    late = found["last80"]
    assert isinstance(late, dict)
    ratio = late["learning"] / max(late["static"], 1)
    print(f"{name}: corrections in the last 80 %: {late['learning']} of {late['static']} ({ratio:.2f} x)")
    print(f"  broken {found['broken']}, repaired {found['repaired']}; F1 unseen {found['f1']}")
    print(f"  presses per entity {found['presses']}; corrections with peers {found.get('peers', {})}")
    keys = f"; a key {found['key_p95']} s, {found['key_p95_still']} s without" if "key_p95" in found else ""
    print(f"  a fit takes {found['fit_p95']} s (p95), {found['fit_most']} s at most{keys}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--stream", type=Path, action="append", default=[])
    parser.add_argument("--known", action="store_true", help="the model knows the labels of the streams")
    parser.add_argument("--sentences", type=int, help="of each stream at the most")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--no-keys", action="store_true", help="do not time keys in the program")
    parser.add_argument("--shuffles", type=int, default=0, metavar="N", help="further orders of each stream")
    parser.add_argument("--plot", type=Path, help="SVG to draw the corrections of the first two streams into")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    asked = [Stream(path, arguments.known) for path in arguments.stream] or streams(arguments.data)
    predictor = load("bundled")
    found, lines = {}, {}
    for stream in asked:
        if arguments.sentences:
            stream = replace(stream, sentences=arguments.sentences)
        for seed in range(arguments.shuffles + 1):
            name = f"{stream.path.name}@{seed}" if seed else stream.path.name
            found[name], lines[name] = measure(
                shuffled(stream, seed) if seed else stream,
                predictor,
                with_peers=not arguments.no_peers and not seed,
                with_keys=not arguments.no_keys and not seed,
            )
            if not arguments.json:
                show(name, found[name])
    if arguments.plot:
        arguments.plot.write_text(plotted(dict(islice(lines.items(), 2))), encoding="utf-8")
    if arguments.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
