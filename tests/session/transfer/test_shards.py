"""Shards of an input: in order they are all of it, whatever its documents, and of about as many words each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain import blocks as cutting
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.session.transfer.headless import OutputPart, PredictionGate, StreamPredictor, shard


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "BLOCK_WORDS", 10)
        yield


def stream(documents: Sequence[int]) -> list[StreamItem]:
    """Documents of so many sentences of five words."""
    items: list[StreamItem] = []
    for number, sentences in enumerate(documents):
        items.append(DocumentStart(f"d{number}", "tokens"))
        text = "a b c d e\n"
        tokens = tuple(Token(at, at + 1) for at in range(0, 10, 2))
        for at in range(sentences):
            if at % 3 == 1:
                items.append(Problem("a.conll", at + 1, "a guess"))
            shifted = tuple(Token(10 * at + token.start, 10 * at + token.end) for token in tokens)
            items.append(AnnotatedSentence(Sentence(10 * at, text, shifted, at + 1)))
    return items


def labelled(documents: Sequence[int], part: OutputPart) -> list[tuple[str, int]]:
    """Which sentences of which documents are written for a part."""
    wanted = False

    def begin(number: int, is_wanted: bool) -> None:
        nonlocal wanted
        assert is_wanted == part.holds(number)
        wanted = is_wanted

    found, name = [], ""
    for item in StreamPredictor(None, None).label(stream(documents), lambda sentence: None, part, begin):
        if isinstance(item, DocumentStart):
            name = item.name
            if wanted:
                found.append((name, 0))
        elif isinstance(item, AnnotatedSentence) and wanted:
            found.append((name, item.sentence.line))
    return found


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.integers(1, 9))
def test_in_order_shards_are_the_input(documents: list[int], of: int) -> None:
    parts = [shard(stream(documents), number, of) for number in range(1, of + 1)]
    assert parts[0].start == 0
    assert parts[-1].end is None
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    whole = labelled(documents, OutputPart())
    assert [item for item in whole if item[1]] == [
        (f"d{number}", at + 1) for number, sentences in enumerate(documents) for at in range(sentences)
    ]
    assert [item for part in parts for item in labelled(documents, part)] == whole


def test_shards_have_about_as_many_words_each() -> None:
    documents = [30, 3, 25, 0, 42]
    words = [len([1 for _, line in labelled(documents, shard(stream(documents), at, 5)) if line]) for at in range(1, 6)]
    assert sum(words) == 100
    assert all(abs(number - 20) <= 3 for number in words)


def test_of_few_words_some_shards_have_none() -> None:
    assert [labelled([1], shard(stream([1]), number, 3)) for number in (1, 2, 3)] == [[("d0", 0), ("d0", 1)], [], []]
    assert shard([], 1, 2) == OutputPart(0, 0)
    assert shard([], 2, 2) == OutputPart(0, None)


def test_a_gate_lets_through_what_is_written_while_it_is_open() -> None:
    class Out:
        taken = ""

        def write(self, text: str) -> int:
            self.taken += text
            return len(text)

    out, told = Out(), list[int]()
    gate = PredictionGate(out, told.append)  # type: ignore[arg-type]
    assert gate.write("a") == 1
    for number, wanted in enumerate((False, True), 1):
        gate.begin(number, wanted)
        assert gate.write(f"{number}..") == 3
        gate.end(number)
    # Of what is not written nothing is told.
    assert (out.taken, told) == ("2..", [2])
