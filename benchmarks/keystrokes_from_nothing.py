"""The presses it takes to mark what gold says from nothing, without any model, in the real app.

The first sentences of a gold file are opened without their tags. The annotator goes through the text sentence by
sentence, chooses a label once, goes to words by their first letters and selects up to their ends (the key ``r``), and
confirms each sentence with Enter. Every press counts, the export's too, and what is exported is compared with gold byte
for byte. Labels have keys by how often they occur.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from keystroke_annotator import Gold, canonical
from keystrokes import SIZE, export
from textual.pilot import Pilot

from ner_tui.app.app import NerApp
from ner_tui.app.screens.review.screen import ReviewScreen
from ner_tui.app.widgets.jump_codes import OTHER, first_key, words_with_key
from ner_tui.domain.labels import LabelSet
from ner_tui.domain.spans import Span
from ner_tui.session import Session, SessionOptions, open_session
from ner_tui.session.transfer.adding import ReadOptions


class MarkingAnnotator:
    """Presses keys until every sentence is marked as gold says and confirmed."""

    def __init__(self, pilot: Pilot[None], session: Session, gold: Gold) -> None:
        self._pilot = pilot
        self._session = session
        self._gold = gold
        self.presses: Counter[str] = Counter()
        self._label = ""
        """The label that words are marked with."""
        screen = pilot.app.screen
        assert isinstance(screen, ReviewScreen)
        self._view = screen.view

    async def press(self, *keys: str) -> None:
        self.presses.update(keys)
        await self._pilot.press(*keys)

    async def work(self) -> None:
        """Mark and confirm everything."""
        first = self._session.rows()[0].id
        for number, sentences in enumerate(self._gold.documents):
            for start, end, spans in sentences:
                here = self._session.document, self._view.cursor
                assert here[0].id == first + number, here
                assert start <= here[1] < end, (start, here[1], end)
                for span in spans:
                    await self._mark(span)
                await self.press("enter" if self._label else "c")
        if self._label:
            await self.press("escape")

    async def _mark(self, span: Span) -> None:
        keys = self._session.labels.find(span.label)
        assert keys is not None
        if not self._label:
            await self.press("r", *keys.key)
            self._label = span.label
        words = self._tokens(span)
        if not self._is_reachable(words[0]):
            await self._mark_by_steps(words, keys.key)
            return
        await self.press(self._key(words[0]))
        while self._selection()[0] != words[0][0]:
            await self.press("tab")
        capitals = self._capitals(words)
        steps = len(words) - 1
        await self.press(*(capitals if capitals and len(capitals) < steps else ["right"] * steps))
        assert self._selection() == (span.start, span.end), (span, self._selection())
        if span.label != self._label:
            await self.press(*keys.key)
            self._label = span.label

    async def _mark_by_steps(self, words: list[tuple[int, int]], key: str) -> None:
        """Mark what begins with a sign, where no letter leads."""
        if self._view.selection:
            label = self._session.labels.find(self._label)
            await self.press(*(label.key if label else ""))
        index = self._session.document.tokens
        steps = index.at(words[0][0]) - index.at(self._view.cursor)
        await self.press("escape", *["l" if steps > 0 else "h"] * abs(steps))
        selecting = ["v", *["l"] * (len(words) - 1)] if len(words) > 1 else []
        await self.press(*selecting, *key)
        self._label = ""

    def _capitals(self, words: list[tuple[int, int]]) -> list[str]:
        """Return the capitals that select up to the last word; empty where none do."""
        key = self._key(words[-1])
        if key == OTHER or not self._is_reachable(words[-1]):
            return []
        passed = list(words_with_key(self._session.document, key, words[0][0] + 1, words[-1][1]))
        return [key.upper()] * len(passed)

    def _tokens(self, span: Span) -> list[tuple[int, int]]:
        index = self._session.document.tokens
        numbers = range(index.at(span.start), index.at(span.end - 1) + 1)
        return [(index[number].start, index[number].end) for number in numbers]

    def _key(self, word: tuple[int, int]) -> str:
        return first_key(self._session.document.words(*word))

    def _is_reachable(self, word: tuple[int, int]) -> bool:
        return any(character.isalnum() for character in self._session.document.words(*word))

    def _selection(self) -> tuple[int, int]:
        return self._view.selection or (-1, -1)


async def measure_from_nothing(source: Path, sentences: int) -> dict[str, object]:
    """Have the first sentences of a gold file of columns marked, and return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        gold_file, out = Path(folder) / "gold.conll", Path(folder) / "project.conll"
        canonical(source, gold_file, sentences)
        gold = Gold.read(gold_file)
        labels = Counter(span.label for document in gold.documents for *_, spans in document for span in spans)
        options = SessionOptions(
            project=str(Path(folder) / "project.ner"),
            read=ReadOptions(ignore_tags=True),
            labels=LabelSet.of([label for label, _ in labels.most_common()]),
        )
        session = open_session([str(gold_file)], options)
        if indexing := session.indexing():
            list(indexing.run(lambda: False))
        app = NerApp(session)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            annotator = MarkingAnnotator(pilot, session, gold)
            await annotator.work()
            await export(pilot, annotator.press, out)
        presses = sum(annotator.presses.values())
        return {
            "sentences": session.row().sentences,
            "entities": labels.total(),
            "labels": len(labels),
            "presses": presses,
            "presses_per_entity": presses / max(1, labels.total()),
            "keys": dict(annotator.presses.most_common()),
            "export_identical": out.exists() and out.read_bytes() == gold_file.read_bytes(),
        }
