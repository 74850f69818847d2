"""What fails, or ends its process, is halved to the sentence, which is given up; the others are labelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ner_tui.domain.annotation.suggestions import PredictionRun, Suggestion
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.errors import ModelError
from ner_tui.predictors.base import SuggestedPart
from ner_tui.session.parts.careful import MOST_DEATHS, MOST_FAILED, CarefulSource
from ner_tui.session.parts.tries import Tries


class Model:
    """Finds each word, but fails, or ends its process, at some sentences."""

    remarks: tuple[str, ...] = ()
    labels = unmapped = ()

    def __init__(self, *, fails: Iterable[int] = (), ends: Iterable[int] = ()) -> None:
        self.fails, self.ends = frozenset(fails), frozenset(ends)
        self.run = PredictionRun("model", "model", "", "")

    def suggest(self, block: Sequence[Sentence]) -> Iterator[SuggestedPart]:
        return self.ahead([block])

    def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
        for block in blocks:
            lines = {sentence.line for sentence in block}
            if lines & self.ends:
                raise SystemExit
            if lines & self.fails:
                raise ModelError("no memory")
            yield block, [self.found(sentence) for sentence in block]

    def found(self, sentence: Sentence) -> tuple[Suggestion, ...]:
        return (Suggestion(Span(sentence.start, sentence.start + 3, "PER"), 1.0, 1.0),)

    def close(self) -> None:
        """Nothing is held."""


def sentences(number: int) -> list[Sentence]:
    return [Sentence(4 * at, "Ada\n", (Token(4 * at, 4 * at + 3),), at + 1) for at in range(number)]


def labelled(path: Path, model: Model, blocks: Sequence[Sequence[Sentence]]) -> tuple[Tries, list[SuggestedPart], int]:
    """Label in one process after the other until one gets to the end; also return how many there were."""
    for number in range(1, 100):
        tries = Tries.read(path, "key")
        tries.begin(0)
        try:
            return tries, list(CarefulSource(model, lambda: model, tries).ahead(blocks)), number
        except SystemExit:
            continue
    raise AssertionError("it never gets to the end")


@pytest.mark.thorough
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_all_but_what_fails_is_labelled(tmp_path: Path, data: st.DataObject) -> None:
    some = sentences(data.draw(st.integers(1, 40)))
    lines = st.sets(st.integers(1, len(some)), max_size=3)
    model = Model(fails=data.draw(lines), ends=data.draw(lines))
    at = data.draw(st.integers(0, len(some)))
    (tmp_path / "tries").unlink(missing_ok=True)
    tries, found, _ = labelled(tmp_path / "tries", model, [some[:at], some[at:]])
    said = [each for _, part in found for each in part]
    bad = model.fails | model.ends
    assert said == [() if each.line in bad else model.found(each) for each in some]
    assert {each.line for each in tries.failed.values()} == bad


def test_a_process_that_was_killed_once_is_no_reason_to_halve(tmp_path: Path) -> None:
    model = Model(ends=[7])
    some = sentences(20)
    with pytest.raises(SystemExit):
        list(CarefulSource(model, lambda: model, Tries.read(tmp_path / "tries", "key")).ahead([some]))
    model.ends = frozenset()
    sizes: list[int] = []

    class Counting(Model):
        def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
            for block in blocks:
                sizes.append(len(block))
                yield from super().ahead([block])

    tries, found, _ = labelled(tmp_path / "tries", Counting(), [some])
    assert sizes == [20], "in one piece"
    assert [len(part) for _, part in found] == [20]
    assert not tries.failed


@pytest.mark.parametrize(("kills", "pieces"), [(MOST_DEATHS - 1, 1), (MOST_DEATHS, 2)])
def test_kills_that_hit_one_block_time_and_again_do_not_have_it_read_otherwise(
    tmp_path: Path, kills: int, pieces: int
) -> None:
    """Unless there are so many that it is taken for what cannot be read in one piece."""
    left = kills

    class Killed(Model):
        """Says how many sentences it has read together."""

        def ahead(self, blocks: Iterable[Sequence[Sentence]]) -> Iterator[SuggestedPart]:
            nonlocal left
            for block in blocks:
                if left and len(block) == 20:
                    left -= 1
                    raise SystemExit
                yield block, [self.together(len(block)) for _ in block]

        def together(self, number: int) -> tuple[Suggestion, ...]:
            return (Suggestion(Span(0, number, "PER"), 1.0, 1.0),)

    model = Killed()
    tries, found, _ = labelled(tmp_path / "tries", model, [sentences(20)])
    assert [each for _, part in found for each in part] == [model.together(20 // pieces)] * 20
    assert not tries.failed


def test_a_model_that_fails_everywhere_is_no_matter_of_sentences(tmp_path: Path) -> None:
    some = sentences(MOST_FAILED + 5)
    with pytest.raises(ModelError, match="failed at more than"):
        labelled(tmp_path / "tries", Model(fails=range(1, 99)), [some])


def test_what_was_read_without_a_death_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    some = [Sentence(0, "Ada left.", (Token(0, 3),), 1)]
    with Tries(path, "key").at(some):
        assert list(Tries.read(path, "key").deaths.values()) == [1]
    assert Tries.read(path, "key").deaths == {}


def test_what_is_no_file_of_tries_counts_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tries"
    for content in (
        "",
        "[]",
        '{"key": "key", "begun": "x"}',
        '{"key": "key", "begun": 1, "done": 0, "deaths": {}, "failed": {"a": [1]}}',
        '{"key": "another", "begun": 1, "done": 0, "deaths": {}, "failed": {}}',
    ):
        path.write_text(content)
        assert Tries.read(path, "key").begun == 0


def test_what_gets_on_is_not_taken_for_what_fails(tmp_path: Path) -> None:
    """A try that gets further counts for the place where it ended, and for no other."""
    path = tmp_path / "tries"
    begun = []
    for done in (0, 2, 2, 5, 5, 5):
        tries = Tries.read(path, "key")
        tries.begin(done)
        begun.append(tries.begun)
    assert begun == [1, 2, 3, 2, 3, 4]
