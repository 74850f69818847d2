"""Count the presses it takes to correct the bundled model's suggestions to gold, in the real app.

    python benchmarks/keystrokes.py DATA [--most N] [--set SET] [--model SPEC] [--accept-doubtful] [--json]
    python benchmarks/keystrokes.py DATA --from-nothing [--most N] [--set SET] [--json]

A greedy annotator with a fixed policy knows the gold spans and drives the app through Textual's ``Pilot``. It starts
from the open project, everything predicted, and ends with the finished export, which is compared with the gold file
byte for byte. **Every** press counts: movement, decisions, confirming what was right already, export. It moves by keys
whose effect can be seen on the screen, takes the cheapest way it finds, corrects what differs from gold among the
sentences that are in sight whole, and then accepts those with one key. What that leaves alone because it is doubtful is
a key of its own for each place, unless ``--accept-doubtful`` has the one key accept it, too.

With ``--from-nothing`` the first 60 sentences of two sets with labels of their own are marked without any model, see
``keystrokes_from_nothing``; ``--set`` names any other file of the folder.

Beside it stands the closed-form count of the same corrections in four other tools, from ``PEERS``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from keystroke_annotator import Annotator, Gold, canonical, tokens_of
from keystroke_peers import PEERS, Correction, peer_presses
from textual.pilot import Pilot

from ner_tui.app.app import NerApp
from ner_tui.app.settings import AppSettings
from ner_tui.domain.labels import LabelSet
from ner_tui.predictors import load
from ner_tui.session import Place, Session, SessionOptions, open_session
from ner_tui.session.transfer.adding import ReadOptions

SETS = {"conll2003-testa": "document", "wnut17-dev": "sentence"}
"""File and ``--context``."""
NEW_LABELS = ("crossner-music", "crossner-literature")
"""What is marked from nothing."""
SIZE = (120, 40)


def corrections(session: Session, gold: Gold) -> list[Correction]:
    """Return what has to be corrected, before anything is."""
    found: list[Correction] = []
    sentence_number = passed = 0
    for head, sentences in zip(session.rows(), gold.documents, strict=True):
        document = session.open(head.id)
        for low, high, spans in sentences:
            shown = [m.span for m in document.spans(low, high) if m.kind in ("decided", "suggested")]
            wrong = [s for s in shown if s not in spans]

            size = partial(tokens_of, document)

            for span in [*spans, *wrong]:
                if span in shown and span in spans:
                    passed += 1
                    continue
                if span in wrong:
                    kind, steps, relabelled = "removed", 0, False
                else:
                    over = [s for s in wrong if s.overlaps(span.start, span.end)]
                    if over:
                        wrong.remove(over[0])
                        have, want = size(over[0]), size(span)
                        steps = abs(have.start - want.start) + abs(have.stop - want.stop)
                        relabelled = over[0].label != span.label
                        kind = "relabelled" if not steps else "re-bounded"
                    else:
                        kind, steps, relabelled = "added", 0, False
                first = document.tokens.at(low)
                found.append(
                    Correction(
                        kind, len(size(span)), steps, relabelled, sentence_number, size(span).start - first, passed
                    )
                )
                if span in wrong:
                    wrong.remove(span)
                passed = 0
            sentence_number += 1
    return found


async def export(pilot: Pilot[None], press: Callable[..., Awaitable[None]], out: Path) -> None:
    """Press the keys that export to where a project is exported if nobody says otherwise, and wait for the file."""
    await press("o", "enter")
    for _ in range(200):
        if out.exists():
            break
        await pilot.pause(0.05)


async def measure(
    source: Path, context: str, sentences: int | None, model: str, *, accept_doubtful: bool
) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        gold_file, out = Path(folder) / "gold.conll", Path(folder) / "project.conll"
        canonical(source, gold_file, sentences)
        gold = Gold.read(gold_file)
        options = SessionOptions(
            project=str(Path(folder) / "project.ner"),
            context=context,  # type: ignore[arg-type]
            read=ReadOptions(ignore_tags=True),
            load=lambda _: load(model),
            labels=LabelSet.of(("PER", "ORG", "LOC", "MISC")),
        )
        session = open_session([str(gold_file)], options)
        if indexing := session.indexing():
            list(indexing.run(lambda: False))
        prediction = session.prediction(lambda: Place(1, 0))
        assert prediction is not None
        list(prediction.run(lambda: False))
        work = corrections(session, gold)
        session.open(session.rows()[0].id)
        app = NerApp(session, AppSettings(accept_doubtful=accept_doubtful))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            annotator = Annotator(pilot, session, gold)
            await annotator.work()
            await export(pilot, annotator.press, out)
        number = session.row().sentences
        presses = sum(annotator.presses.values())
        documents = len(gold.documents)
        return {
            "sentences": number,
            "documents": documents,
            "corrected_spans": len(work),
            "kinds": dict(Counter(each.kind for each in work)),
            "presses": presses,
            "keys": dict(annotator.presses.most_common()),
            "presses_per_corrected_span": presses / max(1, len(work)),
            "presses_per_sentence": presses / max(1, number),
            "peers": {
                name: peer_presses(peer, work, number, documents) / max(1, len(work)) for name, peer in PEERS.items()
            },
            "export_identical": out.exists() and out.read_bytes() == gold_file.read_bytes(),
        }


def mark_from_nothing(data: Path, sets: Sequence[str], sentences: int, *, as_json: bool) -> None:
    """Print what it takes to mark the first sentences of sets without a model."""
    from keystrokes_from_nothing import measure_from_nothing

    results = {}
    for name in sets:
        result = results[name] = asyncio.run(measure_from_nothing(data / f"{name}.conll", sentences))
        if not as_json:
            print(
                f"{name}: {result['presses_per_entity']:.2f} presses for an entity, {result['presses']:,} for "
                f"{result['entities']:,} of {result['labels']} labels in {result['sentences']:,} sentences"
            )
            print(f"  export identical {result['export_identical']}")
            print(f"  keys             {result['keys']}")
    if as_json:
        print(json.dumps(results))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with the gold files, two columns by TAB")
    parser.add_argument("--from-nothing", action="store_true", help="mark everything, without a model")
    parser.add_argument("--most", type=int, help="sentences of each set, for a quick look")
    parser.add_argument("--set", metavar="SET", action="append", help="only this set")
    parser.add_argument(
        "--model", default="", metavar="SPEC", help="whose suggestions are corrected; default: the bundled"
    )
    parser.add_argument("--accept-doubtful", action="store_true", help="space and c accept doubtful places, too")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.from_nothing:
        mark_from_nothing(arguments.data, arguments.set or NEW_LABELS, arguments.most or 60, as_json=arguments.json)
        return
    if unknown := [name for name in arguments.set or () if name not in SETS]:
        parser.error(f"no set {unknown[0]}: {', '.join(SETS)}")
    results = {}
    for name in arguments.set or SETS:
        began = time.monotonic()
        gold = arguments.data / f"{name}.conll"
        result = asyncio.run(
            measure(gold, SETS[name], arguments.most, arguments.model, accept_doubtful=arguments.accept_doubtful)
        )
        results[name] = result
        if arguments.json:
            continue
        peers = result["peers"]
        assert isinstance(peers, dict)
        print(
            f"{name}: {result['presses']:,} presses for {result['corrected_spans']:,} corrected spans in "
            f"{result['sentences']:,} sentences ({time.monotonic() - began:.0f} s)"
        )
        print(f"  per corrected span {result['presses_per_corrected_span']:.2f}")
        print(f"  per sentence       {result['presses_per_sentence']:.2f}")
        print(f"  export identical   {result['export_identical']}")
        print(f"  corrections        {result['kinds']}")
        print(f"  keys               {result['keys']}")
        best = min(peers.values())
        for peer, value in peers.items():
            print(f"  {peer:20} {value:6.2f}")
        print(f"  ours / best peer   {result['presses_per_corrected_span'] / best:.2f}")
    if arguments.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
