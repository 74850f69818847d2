"""The probes are text that no model has seen: what this project wrote to train on has none of the first one's names."""

from __future__ import annotations

from pathlib import Path

from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats import infer_format, open_source, read

ROOT = Path(__file__).parents[1]
PROBE = ROOT / "benchmarks" / "probe" / "probe.conll"
SECOND = PROBE.with_name("second.conll")
TODAY = ROOT / "recipes" / "today.conll"


def annotated(path: Path) -> list[AnnotatedSentence]:
    source = open_source(str(path))
    return [item for item in read(source, inference=infer_format(source)) if isinstance(item, AnnotatedSentence)]


def names(sentences: list[AnnotatedSentence]) -> set[str]:
    return {" ".join(name_of(each, span).split()).casefold() for each in sentences for span in each.spans}


def name_of(annotated: AnnotatedSentence, span: Span) -> str:
    start = annotated.sentence.start
    return annotated.sentence.text[span.start - start : span.end - start]


def test_no_name_of_the_probe_is_in_what_was_written_to_train_on() -> None:
    probe, today = annotated(PROBE), annotated(TODAY)
    assert len(probe) == 201
    assert len(names(probe)) > 300
    assert len(names(today)) > 4_000
    assert not names(probe) & names(today)


def test_no_sentence_of_a_probe_is_trained_on() -> None:
    probe, second, today = ({each.sentence.text.strip() for each in annotated(path)} for path in (PROBE, SECOND, TODAY))
    assert len(second) > 200
    assert not (probe | second) & today
