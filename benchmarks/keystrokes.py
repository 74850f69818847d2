"""Count the presses it takes to correct the bundled model's suggestions to gold, in the real app.

    python benchmarks/keystrokes.py DATA [--most N] [--set SET] [--accept-doubtful] [--json]
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
import copy
import json
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from keystroke_peers import PEERS, Correction, peer_presses
from textual.pilot import Pilot

from ner_tui.app.app import NerApp
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.settings import AppSettings
from ner_tui.app.widgets.jump_codes import assign, first_key, words_with_key
from ner_tui.domain.labels import LabelSet
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart
from ner_tui.formats import open_source, read
from ner_tui.predictors import load
from ner_tui.session import Place, Session, SessionOptions, open_session
from ner_tui.session.drawn_spans import DrawnSpan
from ner_tui.session.open_document import OpenDocument
from ner_tui.session.transfer.adding import ReadOptions

SETS = {"conll2003-testa": "document", "wnut17-dev": "sentence"}
"""File and ``--context``."""
NEW_LABELS = ("crossner-music", "crossner-literature")
"""What is marked from nothing."""
SIZE = (120, 40)
READINGS = ["t"], ["z", "2"], ["z", "3"]
"""The keys that take the readings of a place but for the first, the likeliest first."""
REPEATS = 8
"""How often a moving key is pressed in a row at the most."""


@dataclass
class Gold:
    """A gold file's spans by document and sentence."""

    documents: list[list[tuple[int, int, tuple[Span, ...]]]] = field(default_factory=list)
    """For each document its sentences: (start, end, spans)."""

    @classmethod
    def read(cls, path: Path) -> Gold:
        gold = cls()
        for item in read(open_source(str(path))):
            if isinstance(item, DocumentStart):
                gold.documents.append([])
            elif isinstance(item, AnnotatedSentence):
                gold.documents[-1].append((item.sentence.start, item.sentence.end, item.spans))
        return gold


def canonical(source: Path, out: Path, sentences: int | None) -> None:
    """Write a gold file as two columns with a space between, ``-DOCSTART-`` between documents."""
    lines: list[str] = []
    done = 0
    for block in source.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line]
        if not rows:
            continue
        if rows[0][0] == "-DOCSTART-":
            if lines:
                lines += ["-DOCSTART- O", ""]
            continue
        lines += [f"{row[0].replace(' ', '_')} {row[-1]}" for row in rows]
        lines.append("")
        done += 1
        if done == sentences:
            break
    if lines[-2:] == ["-DOCSTART- O", ""]:
        lines = lines[:-2]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


class Annotator:
    """Presses keys until the open project says what gold says."""

    def __init__(self, pilot: Pilot[None], session: Session, gold: Gold) -> None:
        self.pilot = pilot
        self.session = session
        self.gold = gold
        self.presses: Counter[str] = Counter()
        self.first_document = session.rows()[0].id
        screen = pilot.app.screen
        assert isinstance(screen, ReviewScreen)
        self.screen = screen

    async def press(self, *keys: str) -> None:
        self.presses.update(keys)
        await self.pilot.press(*keys)

    async def mend(self, difference: Callable[[], list[str] | None]) -> None:
        """Press what mends the differences, one after the other."""
        last: tuple[object, list[str]] | None = None
        while (keys := difference()) is not None:
            place = (self.session.document.id, self.screen.view.cursor)
            if (place, keys) == last:
                said = self.screen.notice.text.strip()
                raise RuntimeError(f"{keys} at {self.session.document.text[place[1] :][:60]!r} did nothing: {said}")
            last = (place, keys)
            await self.press(*keys)

    async def work(self) -> None:
        """Correct and confirm until nothing is left."""
        whole = self.session.row()
        while self.session.row().confirmed < whole.sentences:
            before = self.session.row().confirmed
            await self.mend(self.first_difference)
            await self.sweep("space")
            if self.session.row().confirmed == before:
                # A sentence longer than the screen.
                await self.correct_sentence()
                await self.sweep("c")

    async def sweep(self, key: str) -> None:
        """Confirm what is right by now, and answer what was left alone: each answer goes on to the next."""
        await self.press(key)
        while self.screen.sweep is not None:
            drawn = self.session.document.span_at(self.screen.view.cursor)
            assert drawn is not None, "a sweep stops at what is no suggestion"
            await self.press("a" if drawn.span in self.spans() else "x")

    def spans(self) -> set[Span]:
        """Return the gold spans of the open document."""
        return {
            span for *_, spans in self.gold.documents[self.session.document.id - self.first_document] for span in spans
        }

    async def correct_sentence(self) -> None:
        sentence = self.session.document.sentence_at(self.screen.view.cursor)
        await self.mend(lambda: self.difference_in(sentence.start, sentence.end))

    def first_difference(self) -> list[str] | None:
        """Return the keys that mend the first difference among the sentences in sight whole, or None."""
        start, end = self.screen.view.visible_range()
        return self.difference_in(start, end)

    def difference_in(self, start: int, end: int) -> list[str] | None:
        document = self.session.document
        for low, high, spans in self.gold.documents[document.id - self.first_document]:
            if low < start or (document.text[low:high].rstrip() and low + len(document.text[low:high].rstrip()) > end):
                continue
            marks = document.spans(low, high)
            shown = [m for m in marks if m.kind in ("decided", "suggested")]
            right = {m.span for m in shown}
            for span in spans:
                if span not in right:
                    return self.make(span, [m for m in marks if m.span not in spans])
            for mark in shown:
                if mark.doubtful and not self.session.accepts_doubtful:
                    # The cursor will come by.
                    continue
                if mark.span not in spans:
                    return [*self.reach(mark.span.start, mark.span.end), "x"]
        return None

    def make(self, span: Span, marks: Sequence[DrawnSpan]) -> list[str]:
        """Return the cheapest keys that make ``span`` decided, from a mark that overlaps it or from nothing."""
        label = str(1 + self.session.labels.names.index(span.label))
        tokens = self.tokens(span.start, span.end)
        plans = [self.reach(span.start, span.end, plan) for plan in self.from_nothing(label, tokens)]
        blocked = [m for m in marks if m.span.overlaps(span.start, span.end)]
        if blocked:
            # A digit on a marked word relabels the mark, so a new span can begin on its unmarked words only.
            plans = []
        for mark in blocked:
            plans.append(self.reach(mark.span.start, mark.span.end, self.reshape(mark, span, label)))
            suggestion = self.session.document.suggestion_at(mark.span.start)
            for keys, reading in zip(READINGS, suggestion.alternatives if suggestion else (), strict=False):
                if (reading.start, reading.end, reading.label) == (span.start, span.end, span.label):
                    plans.append(self.reach(mark.span.start, mark.span.end, keys))
        return min(plans, key=len)

    def from_nothing(self, label: str, tokens: range) -> Iterator[list[str]]:
        yield [label, *(["e"] * (len(tokens) - 1))]

    def reshape(self, mark: DrawnSpan, span: Span, label: str) -> list[str]:
        """Return the keys that turn ``mark`` into ``span`` with the cursor inside it."""
        have, want = self.tokens(mark.span.start, mark.span.end), self.tokens(span.start, span.end)
        keys = [label] if mark.span.label != span.label else []
        grow_left, grow_right = have.start - want.start, want.stop - have.stop
        keys += ["E"] * max(grow_left, 0) + ["e"] * max(grow_right, 0)
        keys += ["S"] * max(-grow_left, 0) + ["s"] * max(-grow_right, 0)
        return keys or ["a"]

    def tokens(self, start: int, end: int) -> range:
        index = self.session.document.tokens
        return range(index.at(start), index.at(end - 1) + 1)

    def reach(self, start: int, end: int, then: Sequence[str] = ()) -> list[str]:
        """Return the cheapest keys that put the cursor on ``[start, end)``, and ``then`` after them.

        A new span grows from its first word, so that is where the cursor has to be if ``then`` begins with a digit and
        goes on to extend.
        """
        targets = self.tokens(start, end)
        if then and then[0].isdigit() and "e" in then and self.session.document.span_at(start) is None:
            targets = range(targets.start, targets.start + 1)
        ways = list(self.ways(targets))
        return [*min(ways, key=len), *then]

    def ways(self, targets: range) -> Iterator[list[str]]:
        view, document = self.screen.view, self.session.document
        here = view.moves.number
        yield _walk(here, targets)
        for key, step in (("w", 1), ("b", -1)):
            offset: int | None = view.cursor
            for presses in range(1, REPEATS):
                offset = self.session.next_places.span(offset, step) if offset is not None else None
                if offset is None:
                    break
                yield [key] * presses + _walk(document.tokens.at(offset), targets)
        for key, step in (("n", 1), ("p", -1)):
            place: Place | None = Place(document.id, view.cursor)
            for presses in range(1, REPEATS):
                place = self.session.next_places.doubtful(place.offset, step) if place is not None else None
                if place is None or place.document != document.id:
                    break
                yield [key] * presses + _walk(document.tokens.at(place.offset), targets)
        for key, step in (("j", 1), ("k", -1)):
            moves = copy.copy(view.moves)
            for presses in range(1, REPEATS):
                moves.by_row(step)
                yield [key] * presses + _walk(moves.number, targets)
                edge = copy.copy(moves)
                edge.to_edge(-1)
                yield [key] * presses + ["z", "a"] + _walk(edge.number, targets)
        for number in range(max(targets.start - 2, 0), targets.stop):
            token = document.tokens[number]
            key = first_key(document.words(token.start, token.end))
            words = [word for word in words_with_key(document, key, *view.visible_range()) if word != view.cursor]
            if token.start in words:
                codes = {offset: code for code, offset in assign(words, view.cursor).items()}
                code = codes.get(token.start, "") if len(words) > 1 else ""
                yield ["r", key, *code, *_walk(number, targets)]


def _walk(here: int, targets: range) -> list[str]:
    """Return the keys from a token to the nearest of ``targets``."""
    if here in targets:
        return []
    if here < targets.start:
        return ["l"] * (targets.start - here)
    return ["h"] * (here - targets.stop + 1)


def tokens_of(document: OpenDocument, span: Span) -> range:
    """Return the numbers of a span's tokens."""
    return range(document.tokens.at(span.start), document.tokens.at(span.end - 1) + 1)


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


async def measure(source: Path, context: str, sentences: int | None, *, accept_doubtful: bool) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        gold_file, out = Path(folder) / "gold.conll", Path(folder) / "project.conll"
        canonical(source, gold_file, sentences)
        gold = Gold.read(gold_file)
        options = SessionOptions(
            project=str(Path(folder) / "project.ner"),
            context=context,  # type: ignore[arg-type]
            read=ReadOptions(ignore_tags=True),
            load=lambda _: load(),
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
        result = asyncio.run(measure(gold, SETS[name], arguments.most, accept_doubtful=arguments.accept_doubtful))
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
