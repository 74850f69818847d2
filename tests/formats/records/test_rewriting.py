"""Records changed in place: the spans change and nothing else, byte for byte, whatever else a record holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rewriting_samples import NAMES, SAMPLES

from ner_tui.domain.annotation.suggestions import Suggestion
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import Inference, Source, infer_format, read
from ner_tui.formats.records import huggingface
from ner_tui.formats.rewriting import can_rewrite, checked, rewrite


def source_of(text: str) -> Source:
    return Source("x.json", "", text, "utf-8", False, "\n", NAMES)


def opened(text: str) -> tuple[Source, Inference, list[StreamItem]]:
    source = source_of(text)
    inference = infer_format(source)
    return source, inference, list(read(source, inference=inference))


def rewritten(text: str, change: Callable[[AnnotatedSentence], AnnotatedSentence] = lambda item: item) -> str:
    source, inference, items = opened(text)
    new = (change(item) if isinstance(item, AnnotatedSentence) else item for item in items)
    return "".join(rewrite(source, inference, new))


def spans_of(text: str) -> list[list[Span]]:
    return [list(item.spans) for item in opened(text)[2] if isinstance(item, AnnotatedSentence)]


def relabel(before: str, after: str) -> Callable[[AnnotatedSentence], AnnotatedSentence]:
    def change(item: AnnotatedSentence) -> AnnotatedSentence:
        return replace(item, spans=tuple(replace(s, label=after) if s.label == before else s for s in item.spans))

    return change


def with_last_word(item: AnnotatedSentence) -> AnnotatedSentence:
    tokens = item.sentence.tokens
    if not tokens or any(span.overlaps(*tokens[-1]) for span in item.spans):
        return item
    return replace(item, spans=(*item.spans, Span(*tokens[-1], "NEW")))


def without_spans(item: AnnotatedSentence) -> AnnotatedSentence:
    return replace(item, spans=(), suggestions=())


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
def test_a_file_whose_spans_stay_is_the_same_text(text: str) -> None:
    _, inference, _ = opened(text)
    assert can_rewrite(inference)
    assert rewritten(text) == text


@pytest.mark.parametrize("text", SAMPLES.values(), ids=list(SAMPLES))
def test_what_is_only_checked_comes_back_as_it_is(text: str) -> None:
    source, inference, _ = opened(text)
    assert "".join(checked(source, inference)) == text
    broken = replace(source, text=text + "{broken")
    with pytest.raises(FormatError):
        "".join(checked(broken, inference))


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
def test_another_label_is_all_that_changes_and_goes_back_to_the_same_text(text: str) -> None:
    there = rewritten(text, relabel("PER", "NEW"))
    expected = text.replace("B-PER", "B-NEW").replace("I-PER", "I-NEW").replace('"PER"', '"NEW"')
    expected = expected.replace('"ner_tags":[1,2]', '"ner_tags":[5,6]')
    # The record that was rejected is no document.
    assert there == expected.replace('"label":"NEW"}],"answer":"reject"', '"label":"PER"}],"answer":"reject"')
    assert rewritten(there, relabel("NEW", "PER")) == text


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
@pytest.mark.parametrize("change", [with_last_word, without_spans])
def test_spans_that_come_or_go_are_read_again_and_nothing_else_changes(
    text: str, change: Callable[[AnnotatedSentence], AnnotatedSentence]
) -> None:
    _, _, items = opened(text)
    there = rewritten(text, change)
    assert spans_of(there) == [list(change(item).spans) for item in items if isinstance(item, AnnotatedSentence)]
    assert without_keys(there) == without_keys(text)
    assert rewritten(there) == there


def without_keys(text: str) -> list[object]:
    """The records of a file without what has spans in it, and its metadata with their order."""
    decoder, found, at = json.JSONDecoder(), list[object](), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        value, at = decoder.raw_decode(text, at)
        for record in value if isinstance(value, list) else [value]:
            keys = record[1] if isinstance(record, list) else record
            for key in ("spans", "label", "entities", "ents", "ner", "ner_tags", "annotations"):
                keys.pop(key, None)
            found.append(json.dumps(record))
    return found


def test_a_new_span_stands_in_the_order_of_the_text_in_the_manner_of_the_record() -> None:
    def first_too(item: AnnotatedSentence) -> AnnotatedSentence:
        return replace(item, spans=tuple(sorted([Span(4, 8, "VERB"), *item.spans])))

    text = '{"text":"Ada left Lagos.","label":[[0,3,"PER"],[9,14,"LOC"]]}\n'
    assert rewritten(text, first_too) == text.replace("[9", '[4,8,"VERB"],[9')
    text = text.replace(":", ": ").replace(",", ", ")
    assert rewritten(text, first_too) == text.replace("[9", '[4, 8, "VERB"], [9')
    text = '{\n "text": "Ada left Lagos.",\n "label": [\n  [0, 3, "PER"],\n  [9, 14, "LOC"]\n ]\n}\n'
    assert rewritten(text, first_too) == text.replace("  [9", '  [4, 8, "VERB"],\n  [9')


def test_several_changes_of_one_record_stand_side_by_side() -> None:
    def change(item: AnnotatedSentence) -> AnnotatedSentence:
        return replace(item, spans=(Span(0, 3, "ORG"), Span(4, 8, "VERB")))

    text = '{"text": "Ada left Lagos.", "label": [[0, 3, "PER"], [9, 14, "LOC"]], "id": 7}\n'
    assert rewritten(text, change) == '{"text": "Ada left Lagos.", "label": [[0, 3, "ORG"], [4, 8, "VERB"]], "id": 7}\n'


def test_a_span_that_was_read_with_its_blanks_cut_off_keeps_its_offsets_until_it_is_changed() -> None:
    text = '{"text": "Ada  left.", "label": [[0, 4, "PER"], [5, 9, "V"]]}\n'
    assert rewritten(text, relabel("V", "W")) == text.replace('"V"', '"W"')
    assert rewritten(text, relabel("PER", "ORG")) == text.replace("PER", "ORG")
    for text in (
        '{"text": "Ada  left.", "label": [[0, 4, "PER"]]}\n',
        '{"text": "So  Ada.", "label": [[3, 7, "PER"]]}\n',
    ):
        assert rewritten(text, relabel("PER", "ORG")) == text.replace("PER", "ORG")


def test_spans_that_overlap_are_kept_beside_the_one_that_is_read() -> None:
    text = '{"text": "New York City", "label": [[0, 13, "LOC"], [0, 8, "ORG"], [4, 8, "X"]]}\n'
    assert rewritten(text, relabel("LOC", "NEW")) == text.replace("LOC", "NEW")


def test_one_of_several_labels_of_a_region_goes_alone() -> None:
    text = '[{"data": {"text": "Ada"}, "annotations": [{"result": [{"type": "labels", "value": {"start": 0, "end": 3, '
    text += '"text": "Ada", "labels": ["PER", "X"]}}]}]}]\n'
    assert rewritten(text, relabel("PER", "NEW")) == text.replace("PER", "NEW")
    assert rewritten(text, without_spans) == text.replace('"PER", ', "")


def test_what_is_put_into_ascii_is_ascii() -> None:
    text = '{"text": "Ada", "label": [[0, 3, "PER"]]}\n'
    assert rewritten(text, relabel("PER", "Ä")) == text.replace("PER", "\\u00c4")
    text = text.replace("Ada", "Äda")
    assert rewritten(text, relabel("PER", "Ä")) == text.replace("PER", "Ä")


def test_suggestions_stay_until_they_are_answered_and_become_decisions() -> None:
    text = (
        '{"text": "Ada left Lagos.", "spans": [{"start": 0, "end": 3, "label": "PER", "source": "suggested", "model": '
        '"m", "score": 0.9, "x": 1}, {"start": 9, "end": 14, "label": "LOC", "source": "suggested", "score": 0.5}]}\n'
    )

    def accept(item: AnnotatedSentence) -> AnnotatedSentence:
        first, *rest = item.suggestions
        return replace(item, spans=(first.span,), suggestions=tuple(rest))

    decided = '{"start": 0, "end": 3, "label": "PER", "source": "decided"}, {"start": 9'
    head, _, tail = text.partition('{"start": 0')
    assert rewritten(text, accept) == head + decided + tail.partition('{"start": 9')[2]
    assert rewritten(text, lambda item: replace(item, suggestions=())) == head + "]}\n"


def test_a_prediction_stays_beside_the_annotation_that_answers_it() -> None:
    text = (
        '[{"data": {"text": "Ada left."}, "predictions": [{"model_version": "v3", "score": 0.5, "result": [{"type": '
        '"labels", "from_name": "ner", "to_name": "words", "score": 0.9, "value": {"start": 0, "end": 3, "labels": '
        '["PER"]}}]}], "annotations": []}]\n'
    )
    there = rewritten(text, lambda item: replace(item, spans=(Span(0, 3, "PER"),), suggestions=()))
    head, _, tail = text.partition('"annotations": []')
    assert there.startswith(f'{head}"annotations": [{{"result": [')
    assert there.endswith(f"]}}]{tail}")
    assert '"from_name": "ner", "to_name": "words"' in there.partition('"annotations"')[2]
    assert spans_of(there) == [[Span(0, 3, "PER")]]


def test_a_suggestion_that_is_new_is_written_as_one() -> None:
    suggestion = Suggestion(Span(0, 3, "PER"), 0.9, 0.8, model="m")
    text = '{"id": 1, "text": "Ada left."}\n'
    there = rewritten(text, lambda item: replace(item, suggestions=(suggestion,)))
    _, _, items = opened(there)
    assert [item.suggestions for item in items if isinstance(item, AnnotatedSentence)] == [(suggestion,)]


@pytest.mark.parametrize("change", ["left", "Bob", ""])
def test_documents_that_are_not_those_of_the_file_are_refused(change: str) -> None:
    source, inference, items = opened('{"text": "Ada left."}\n{"text": "b"}\n')
    others = [*items[2:], *items[:2]] if change == "left" else items[:2] if change else [*items, *items[:2]]
    with pytest.raises(FormatError, match="the file has changed"):
        "".join(rewrite(source, inference, [*_marked(others)]))


def _marked(items: Iterable[StreamItem]) -> Iterable[StreamItem]:
    for item in items:
        yield with_last_word(item) if isinstance(item, AnnotatedSentence) else item


def test_a_tag_without_a_number_is_refused_with_the_next_step() -> None:
    with pytest.raises(FormatError, match="the tag B-CITY has no number in this file: add it to the names"):
        rewritten(SAMPLES["hf, numbers"], relabel("PER", "CITY"))


def test_numbers_of_tags_come_back_as_numbers_in_another_scheme() -> None:
    names = ("O", "B-PER", "I-PER", "E-PER", "S-PER")
    text = '{"tokens":["Ada","Lee","so","Bo"],"ner_tags":[1,2,0,1]}\n'
    source = Source("x.json", "", text, "utf-8", False, "\n", names)
    there = "".join(huggingface.in_scheme(source, infer_format(source), "bioes"))
    assert there == text.replace("[1,2,0,1]", "[1,3,0,4]")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.dictionaries(st.sampled_from(["id", "url", "meta", "é", "a b", ""]), VALUES)


@given(
    records=st.lists(st.tuples(st.text("ab 😀\n", min_size=1).filter(str.strip), KEYS, KEYS), min_size=1, max_size=3),
    indent=st.sampled_from([None, 1]),
    separators=st.sampled_from([(",", ":"), (", ", ": ")]),
    ascii_only=st.booleans(),
    array=st.booleans(),
    data=st.data(),
)
def test_whatever_else_is_in_records_stays(
    records: list[tuple[str, dict[str, object], dict[str, object]]],
    indent: int | None,
    separators: tuple[str, str],
    ascii_only: bool,
    array: bool,
    data: st.DataObject,
) -> None:
    values = [{**before, "text": text, "label": [], **after} for text, before, after in records]
    listed = values if array else values[:1]
    text = json.dumps(listed if array else listed[0], indent=indent, separators=separators, ensure_ascii=ascii_only)
    source, inference, items = opened(text)
    assert "".join(rewrite(source, inference, items)) == text
    new = [
        replace(item, spans=tuple(Span(*token, "X") for token in item.sentence.tokens if data.draw(st.booleans())))
        if isinstance(item, AnnotatedSentence)
        else item
        for item in items
    ]
    there = "".join(rewrite(source, inference, new))
    found, wanted = ([i.spans for i in some if isinstance(i, AnnotatedSentence)] for some in (opened(there)[2], new))
    assert found == wanted
    assert without_keys(there) == without_keys(text)
    assert list(map(_metadata, opened(there)[2])) == list(map(_metadata, items))
    assert rewritten(there, without_spans) == text


def _metadata(item: StreamItem) -> str:
    return json.dumps(dict(item.metadata)) if isinstance(item, DocumentStart) else ""
