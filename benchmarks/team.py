"""How right conflicts are, how even `deal`, how fast `agree`, and how many keys a conflict takes.

    python -m benchmarks.team [--triples N] [--words N] [--annotators N] [--data FILE...] [--most N] [--json]

Conflicts of ``--triples`` random triples are compared with groups that are joined two at a time until none of them
overlap. Corpora of random documents are dealt to three to five people. A made-up corpus of ``--words`` is annotated by
as many simulated ``--annotators``, each of whom misses, moves and relabels names in ways of their own; it is read and
measured as ``agree`` does, and by the command itself, whose memory is looked at now and then. Three of the same
annotators mark each of ``--data``, CoNLL files, or else made-up text; it is adjudicated through the real screen, the
first ``--most`` conflicts of it, with the fewest presses that take the gold reading, movement included: a digit where
an annotator has it, else the keys that make it.

What is to be met: no triple differs, the words of two people differ by 2 % at the most, 1.3 keys settle a conflict, and
all figures of five annotators of a million words are there in 5 s and 500 MB. That nothing agreed is lost is held by
``tests/session/team/test_agreed.py``, kills by ``benchmarks/adjudication_kills.py``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import tempfile
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from benchmarks.memory import Command
from ner_tui.app.app import NerApp
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.domain.annotation.doubts import DoubtFilter
from ner_tui.domain.evaluation.agreeing import agreement
from ner_tui.domain.evaluation.conflicts import is_conflict, span_groups
from ner_tui.domain.evaluation.labelled_texts import in_common, shared_texts
from ner_tui.domain.schemes import TagSpan, encode
from ner_tui.domain.spans import Span
from ner_tui.formats import infer_format, open_source
from ner_tui.formats.tag_lines import tagged_sentences
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.adjudication import Conflict
from ner_tui.session.team.adjudicating import adjudicate
from ner_tui.session.team.shares import share_out
from ner_tui.session.team.sides import SideOptions, read_sides

LABELS = ("PER", "ORG", "LOC", "MISC")
Sentence = tuple[list[str], list[TagSpan]]


def spans_of(random: Random, words: int, density: float = 0.15) -> list[TagSpan]:
    """Return random spans of a sentence; ``density`` is the chance that one begins at a word."""
    found, at = [], 0
    while at < words:
        if random.random() < density:
            end = min(words, at + random.choice((1, 1, 2, 3)))
            found.append(TagSpan(at, end, random.choice(LABELS)))
            at = end
        at += 1
    return found


def joined(readers: Sequence[Sequence[TagSpan]]) -> set[frozenset[tuple[int, TagSpan]]]:
    """Return the groups of overlapping spans, by joining two at a time."""
    groups = [frozenset([(reader, span)]) for reader, spans in enumerate(readers) for span in spans]
    while True:
        for one, other in combinations(groups, 2):
            if any(a.start < b.end and b.start < a.end for _, a in one for _, b in other):
                groups = [each for each in groups if each is not one and each is not other] + [one | other]
                break
        else:
            return set(groups)


def wrong_triples(number: int) -> int:
    """Return in how many of random triples conflicts are not those of brute force."""
    random, wrong = Random(1), 0
    for _ in range(number):
        readers = [spans_of(random, 10, random.choice((0.15, 0.5))) for _ in range(3)]
        found = {
            frozenset((reader, span) for reader, spans in enumerate(group) for span in spans)
            for group in span_groups(readers)
            if is_conflict(group)
        }
        slow = {
            group
            for group in joined(readers)
            if any({s for r, s in group if r == one} != {s for r, s in group if r == 0} for one in (1, 2))
        }
        wrong += found != slow
    return wrong


def worst_balance() -> float:
    """Return by which share of words two annotators differ at the most, over random corpora."""
    worst = 0.0
    for seed in range(30):
        random = Random(seed)
        people = random.randint(3, 5)
        words = [random.randint(50, 1_500) for _ in range(30 * people)]
        shares = share_out(words, [0] * people, 0.2, seed=seed)
        held = [sum(words[at] for at in own) for own in shares.own]
        common = sum(words[at] for at in shares.shared)
        worst = max(worst, (max(held) - min(held)) / (max(held) + common))
    return worst


def made_up(words: int) -> Iterator[Sentence]:
    """Yield sentences with gold spans."""
    random, made = Random(2), 0
    vocabulary = [f"w{at}" for at in range(5_000)]
    while made < words:
        size = random.randint(8, 30)
        made += size
        yield [random.choice(vocabulary) for _ in range(size)], spans_of(random, size)


def annotated(random: Random, size: int, gold: Sequence[TagSpan], confusion: tuple[str, str]) -> list[TagSpan]:
    """Return what an annotator makes of a sentence, who takes one label for another more often than others."""
    found: list[TagSpan] = []
    for span in gold:
        chance = random.random()
        if chance < 0.05:
            continue
        if span.label == confusion[0] and chance < 0.2:
            span = span._replace(label=confusion[1])
        elif chance < 0.25 and span.end - span.start > 1:
            span = span._replace(end=span.end - 1)
        found.append(span)
    free = [at for at in range(size) if not any(span.start <= at < span.end for span in gold)]
    if free and random.random() < 0.03:
        at = random.choice(free)
        found.append(TagSpan(at, at + 1, confusion[0]))
    return sorted(found)


def write(path: Path, sentences: Sequence[Sentence], annotator: int | None) -> None:
    """Write what an annotator makes of gold sentences as CoNLL; None: the gold."""
    random = Random(annotator)
    confusion = LABELS[(annotator or 0) % 4], LABELS[((annotator or 0) + 1) % 4]
    with path.open("w", encoding="utf-8") as out:
        for number, (words, gold) in enumerate(sentences):
            if number % 50 == 0:
                out.write("-DOCSTART- O\n\n")
            spans = gold if annotator is None else annotated(random, len(words), gold, confusion)
            tags = encode(spans, len(words), "iob2")
            out.writelines(f"{word} {tag}\n" for word, tag in zip(words, tags, strict=True))
            out.write("\n")


def agreeing(folder: Path, words: int, annotators: int) -> dict[str, float]:
    """Return how long it takes to read annotators and to measure how they agree, here and as a command, and memory."""
    sentences = list(made_up(words))
    paths = [str(folder / f"large{annotator}.conll") for annotator in range(annotators)]
    for annotator, path in enumerate(paths):
        write(Path(path), sentences, annotator)
    del sentences
    numbers: dict[str, int] = {}
    begun = perf_counter(), process_time()
    sides = read_sides(paths, SideOptions(), numbers)
    read = perf_counter(), process_time()
    found = agreement(shared_texts(in_common([side.texts for side in sides])), tuple(numbers))
    done = perf_counter(), process_time()
    assert found.joint.alpha.value is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    command, begun_command = Command(["agree", *paths]), perf_counter()
    while command.runs():
        pass
    return {
        "read_s": read[0] - begun[0],
        "read_cpu_s": read[1] - begun[1],
        "figures_s": done[0] - read[0],
        "figures_cpu_s": done[1] - read[1],
        "peak_mb": peak,
        "command_s": perf_counter() - begun_command,
        "command_cpu_s": command.seconds(),
        "command_mb": command.most,
    }


def gold_of(path: str) -> list[Sentence]:
    """Return the sentences of a file with their spans."""
    source = open_source(path)
    inference = infer_format(source)
    return [(list(each.words), list(each.spans)) for each in tagged_sentences(source, inference, lambda _: None)]


class Judge:
    """Knows the gold, and settles conflicts by keys."""

    def __init__(self, session: Session, gold: dict[int, dict[int, list[Span]]]) -> None:
        self._session = session
        self._gold = gold
        self.pressed = 0
        self.by_hand = 0
        """Conflicts of which nobody had the gold reading."""

    async def work(self, most: int) -> int:
        """Settle conflicts through the screen and return how many there were."""
        app = NerApp(self._session)
        async with app.run_test(size=(120, 40)) as pilot:
            while not (isinstance(screen := app.screen, ReviewScreen) and screen.walk.is_on):
                await pilot.pause(0.02)
            settled, before = 0, None
            while settled < most:
                conflict = self._session.adjudication.conflict_at(screen.view.cursor)
                if conflict is None or conflict == before:
                    break
                for key in self._keys(conflict, screen.view.cursor):
                    self.pressed += 1
                    await pilot.press(key)
                settled, before = settled + 1, conflict
        return settled

    def _keys(self, conflict: Conflict, cursor: int) -> list[str]:
        """Return what takes the gold reading, by a digit or by hand; where it has several spans, what most read."""
        document = self._session.document
        start = document.sentence_start(conflict.start)
        right = tuple(
            span for span in self._gold[document.id].get(start, ()) if span.overlaps(conflict.start, conflict.end)
        )
        for number, reading in enumerate(conflict.readings, 1):
            if reading.spans == right:
                return [str(number)]
        if not right:
            return ["0"]
        self.by_hand += 1
        if len(right) > 1:
            return ["1"]
        label = self._session.labels.find(right[0].label)
        words = [document.tokens.at(at) for at in (cursor, right[0].start, right[0].end - 1)]
        way = words[1] - words[0]
        moves = ["l" if way > 0 else "h"] * abs(way)
        # The first step of a selection takes the word under the cursor along.
        return [*moves, "v", *["l"] * (words[2] - words[1]), label.key if label else "1"]


def adjudicating(folder: Path, sentences: Sequence[Sentence], most: int) -> dict[str, float]:
    """Return how many presses a conflict takes."""
    paths = [str(folder / f"annotator{annotator}.conll") for annotator in range(3)]
    for annotator, path in enumerate(paths):
        write(Path(path), sentences, annotator)
    write(folder / "gold.conll", sentences, None)
    report = adjudicate(paths, SideOptions(), folder / "gold.ner", blind=False)
    with_gold = open_session([str(folder / "gold.conll")], SessionOptions(str(folder / "truth.ner")))
    gold: dict[int, dict[int, list[Span]]] = {}
    for document in with_gold.document_ids():
        opened = with_gold.open(document)
        by_sentence: dict[int, list[Span]] = {}
        for mark in opened.spans(0, opened.length):
            by_sentence.setdefault(opened.sentence_start(mark.span.start), []).append(mark.span)
        gold[document] = by_sentence
    with_gold.close()
    session = open_session([], SessionOptions(str(folder / "gold.ner")))
    judge = Judge(session, gold)
    settled = asyncio.run(judge.work(min(most, report.conflicts)))
    left = sum(1 for _ in session.queue.entries(DoubtFilter(reason="conflict")))
    session.close()
    return {
        "conflicts": report.conflicts, "settled": settled, "by_hand": judge.by_hand, "left": left,
        "keys": judge.pressed / max(settled, 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=1_000_000)
    parser.add_argument("--annotators", type=int, default=5)
    parser.add_argument("--most", type=int, default=150, help="conflicts that are settled")
    parser.add_argument("--data", nargs="+", default=[], help="CoNLL files whose spans are the gold")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    triples, balance = wrong_triples(arguments.triples), worst_balance()
    settling: dict[str, dict[str, float]] = {}
    for path in arguments.data or [""]:
        with tempfile.TemporaryDirectory() as name:
            sentences = gold_of(path) if path else list(made_up(6_000))
            settling[Path(path).stem or "made up"] = adjudicating(Path(name), sentences, arguments.most)
    with tempfile.TemporaryDirectory() as name:
        measuring = agreeing(Path(name), arguments.words, arguments.annotators)
    if arguments.json:
        print(json.dumps({"wrong": triples, "balance": balance, "adjudicate": settling, "agree": measuring}))
        return
    print(f"conflicts of {arguments.triples:,} random triples: {triples} not those of brute force")
    print(f"deal: two annotators differ by {balance:.2%} of their words at the most")
    for which, row in settling.items():
        settled = f"{row['settled']:,} settled of {row['conflicts']:,}, {row['by_hand']} of them by hand"
        print(f"adjudicate, {which}: {row['keys']:.2f} keys a conflict; {settled}, {row['left']:,} left")
    print(f"agree, {arguments.annotators} annotators × {arguments.words:,} words, wall and processor time:")
    for what, name in {"reading": "read", "figures": "figures", "the command": "command"}.items():
        print(f"  {what} {measuring[f'{name}_s']:.2f} s, {measuring[f'{name}_cpu_s']:.2f} s")
    print(f"  memory at the most {measuring['peak_mb']:.0f} MB here, {measuring['command_mb']:.0f} MB of the command")


if __name__ == "__main__":
    main()
