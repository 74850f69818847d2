"""JSON as it comes: what is broken, hostile or of another type is refused with its line."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import FORMATS, Source, infer_format, open_source, read
from ner_tui.formats.records.json_values import has_lines

SAMPLES = [
    '{"text":"Ada 😀 left.","tokens":[{"start":0,"end":3},{"start":4,"end":5},{"start":6,"end":10},{"start":10,"end":11'
    '}],"spans":[{"start":0,"end":3,"label":"PER","text":"Ada","token_start":0}],"answer":"accept"}\n{"text":"So?"}\n',
    '{"text":"Ada left.","label":[[0,3,"PER"],[4,8,"X"]]}\n{"text":"b","label":[]}\n',
    '{"text":"Ada","entities":[{"id":1,"label":"PER","start_offset":0,"end_offset":3}],"relations":[]}\n',
    '{"text":"Ada left.","entities":[[0,3,"PER"],[2,8,"X"]]}\n{"text":"b","ents":[{"start":0,"end":1,"label":"P"}]}\n',
    '{"tokens":["Ada","left"],"ner_tags":["B-PER","I-ORG"]}\n{"tokens":["b"],"ner_tags":[0],"names":["O"]}\n',
    '[{"id":1,"data":{"text":"Ada left."},"annotations":[{"result":[{"type":"labels","value":{"start":0,"end":3,'
    '"text":"Ada","labels":["PER"]}}]}],"predictions":[{"score":0.5,"result":[]}]},\n{"data":{"text":"b"}}]\n',
    '{"name":"a","origin":"text","text":"Ada left.","tokens":[{"start":0,"end":3},{"start":4,"end":8}],"spans":[{'
    '"start":0,"end":3,"label":"PER","source":"suggested","score":0.5,"margin":0.1,"alternatives":[{"start":0,"end":3,"label":'
    'null,"score":0.2}]}],"sentences":[{"start":0,"end":9,"status":"confirmed","flagged":true}],"notes":[{"start":0,'
    '"end":3,"text":"?"}]}\n',
]
JSON_FORMATS = [name for name, entry in FORMATS.items() if ".jsonl" in entry.suffixes]


def source_of(text: str, path: str = "x.jsonl") -> Source:
    return Source(path, "", text, "utf-8", False, "\n")


_STEP = 'write "entities": [[start, end, "label"], …]'
_IN_OTHER_SHAPE = f"holds spans in a shape that is not read: {_STEP}"
_ELSEWHERE = f"looks like spans, which are not read there: {_STEP}, or put it into 'meta' if it is something else"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"text": "a"}\n{"text": "b"\n', "2: no JSON: expecting ',' delimiter at column 13"),
        ('{"text": "a"}\n\n[1]\n', "3: a list stands where an object of JSON is needed"),
        ("3\n", "1: this is no JSON: it begins with neither { nor ["),
        ('[{"text": "a"}\n {"text": "b"}]', "2: no JSON: '{' stands where , or ] has to follow"),
        ('[{"text": "a"},\n {"text": "b"]', "2: no JSON: expecting ',' delimiter at column 14"),
        ('[{"text": "a"}]\n]', "2: no JSON: more follows the array that the file begins with"),
        ("[]", "1: there is no record in it"),
        ('{"text": "a", "n": NaN}', "1: no JSON: NaN is no number of JSON"),
        ('{"text": "a", "n": 1e999}', "1: no JSON: 1e999 is larger than any number that can be kept"),
        ('[{"text": "a"},\n{"n": -1e999}]', "2: no JSON: -1e999 is larger than any number that can be kept"),
        ('{"text": "a", "n": ' + "9" * 5000 + "}", "1: no JSON: a number has thousands of digits"),
        ('{"text": "a", "n": ' + "[" * 100_000, "1: no JSON: it is nested too deeply"),
        ('[{"text": "a"}, ' + "[" * 100_000, "1: no JSON: it is nested too deeply"),
        ('{"text": "a"}\n{"text": "\\ud83d"}', "2: \\ud83d is half of a character, and its other half is missing"),
        ('[{"text": "a"},\n{"text": "\\ude00"}]', "2: \\ude00 is half of a character, and its other half is missing"),
        ('{"text": "Ada", "entities": [["Ada", "PER"]]}', f"1: 'entities' {_IN_OTHER_SHAPE}"),
        ('{"text": "Ada", "label": [["PER", 0, 3]]}', f"1: 'label' {_IN_OTHER_SHAPE}"),
        ('{"text": "Ada", "labels": ["good"]}', f"1: 'labels' holds no offsets of spans: {_STEP}"),
        ('{"text": "Ada"}\n{"text": "Ada", "ner": [[0, 3, "PER"]]}', f"2: 'ner' {_ELSEWHERE}"),
        ('{"text": "Ada", "prediction": [["PER", 0, 3, 0.9]], "tokens": ["Ada"]}', f"1: 'prediction' {_ELSEWHERE}"),
        ('{"text": "Ada", "annotations": [{"label": 5, "start_offset": 0, "end_offset": 3, "user": 1}]}',
         f"1: 'annotations' {_ELSEWHERE}"),
        ('{"text": "Ada", "ner": {"start": [0], "end": [3], "label": ["PER"], "score": []}}', f"1: 'ner' {_ELSEWHERE}"),
        ('{"text": "Ada", "named": [{"type": "PER", "beginIndex": 0, "endIndex": 3}]}', f"1: 'named' {_ELSEWHERE}"),
        ('{"tokens": [["Ada"], ["b"]], "ner_tags": [["O"], ["O"]]}',
         "1: this is no record of jsonl, which has 'text': its keys are 'tokens', 'ner_tags'; with 'tokens' a record "
         "is a sentence, and its tags are in 'ner_tags'"),
        ('{"tokens": ["Ada"], "ner_tags": null}\n{"tokens": ["b"], "ner_tags": ["O"]}',
         "1: it has 1 token and 0 tags in 'ner_tags'"),
        ('{"text": 1}', "1: this is no record of jsonl, which has 'text': its keys are 'text'"),
        ('{"ner": [], "t\\u001b": 1}', "1: this is no record of jsonl, which has 'text': its keys are 'ner', 't\\x1b'"),
        ('{"text": "a"}\n{"text": null}', "2: 'text' is null where a text is needed"),
        ('{"text": "a"}\n{"data": "a"}', "2: the record has no 'text'"),
        ('{"text": "a", "label": [[0, 1, "X"], [0, 1]]}', '1: a list stands where [start, end, "label"] is needed'),
        ('{"text": "a", "label": [[0, 1, "X"], {}]}', '1: an object stands where [start, end, "label"] is needed'),
        ('{"text": "a", "spans": [{"start": 0, "end": 1.0, "label": "X"}]}',
         "1: the end of a span is 1.0 where a whole number is needed"),
        ('{"text": "a", "spans": [{"start": 0, "end": 1, "label": " "}]}', '1: a span has " " for a label'),
        ('{"text": "a", "spans": 7}', "1: 'spans' is 7 where a list is needed"),
        ('{"text": "a", "spans": [{"start": 0, "end": 1, "label": "X", "source": "suggested", "score": 2}]}',
         "1: the score of a suggestion is 2 where a number from 0 to 1 is needed"),
        ('{"text": "a ", "sentences": [{"start": 0, "end": 1}]}', "1: the sentences end at 1, the text at 2"),
        ('{"text": "ab", "sentences": [{"start": 1, "end": 2}]}',
         "1: the sentence [1, 2) does not begin where the last one ended, at 0"),
        ('{"text": "a b", "sentences": [{"start": 0, "end": 1}, {"start": 1, "end": 2}, {"start": 2, "end": 3}]}',
         "1: no token begins in the sentence [1, 2)"),
        ('{"text": "ab", "sentences": [{"start": 0, "end": 1}, {"start": 1, "end": 2}]}',
         "1: the sentence [0, 1) ends within a token"),
        ('{"text": "ab", "tokens": [{"start": 0, "end": 2}, {"start": 1, "end": 2}], "sentences": []}',
         "1: the token [1, 2) does not follow offset 2"),
        ('{"text": "ab", "tokens": [{"start": 0, "end": 3}], "sentences": []}',
         "1: a token ends at 3, in a text of 2 characters"),
        ('{"text": "ab", "tokens": [4], "sentences": []}', "1: a token is 4 where an object is needed"),
        ('{"text": "ab", "notes": [{"start": 0, "end": 3, "text": ""}]}',
         "1: a note [0, 3) is outside the text of 2 characters"),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        list(read(source_of(text)))
    assert str(raised.value) == f"x.jsonl:{reason}"


@pytest.mark.parametrize(
    "beside",
    [
        {"meta": {"ner": [[0, 3, "PER"]]}},
        {"links": [{"start": 0, "end": 3, "url": "x"}], "scores": [0.5, 2], "names": [["Ada", "a", "b"]]},
        {"tokens": [{"id": 0, "start": 0, "end": 3, "tag": "NNP"}]},
    ],
)
def test_lists_that_are_no_labelled_stretches_are_metadata(beside: dict[str, object]) -> None:
    source = source_of(json.dumps({"text": "Ada", **beside}))
    assert infer_format(source).format == "jsonl"
    assert [item.sentence.text for item in read(source) if isinstance(item, AnnotatedSentence)] == ["Ada"]


@pytest.mark.parametrize("piece", [1, 2, 7, 64])
@pytest.mark.parametrize(
    "text",
    [
        *SAMPLES,
        json.dumps([json.loads(SAMPLES[1].split("\n")[0]), {"text": "😀 so", "label": [[2, 4, "X"]]}], indent=2),
        json.dumps([{"text": "😀", "label": []}, {"text": "b\u2028", "label": [[0, 1, "X"]]}]) + "\n \n",
        '{"text": "a", "label": []}{"text": "b", "label": [[0, 1, "X"]]}\n\n{"text":\n "c"}',
        '{"text": "Ada left", "label": [[0, 3, "X"]]}\n\n{"text": "😀 Ada", "label": [[3, 6, "Y"]]}\n',
        '[{"text": "a", "label": []},\n {"text": "b", "label": [[0, 1 "X"]]}]',
        '[{"text": "a", "label": []},\n {"text": "b", "label": ["unended]}]',
        '[{"text": "a", "label": []},\n 12345, {"text": "b"}]',
        '[{"text": "a", "label": []}',
        '[{"text": "a", "label": []}]\n\n ,',
    ],
)
def test_a_large_file_is_read_piece_by_piece_as_a_small_one_is(
    text: str, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode())
    small = outcome(open_source(str(path)))
    monkeypatch.setattr("ner_tui.formats.files.source.LARGE", 0)
    monkeypatch.setattr("ner_tui.formats.files.source.PIECE", piece)
    assert outcome(open_source(str(path))) == small


def outcome(source: Source) -> list[object]:
    """Return what is read of a source, and at the end why it is refused."""
    items: list[object] = []
    try:
        items.extend(read(source))
    except InputError as error:
        items.append(str(error))
    return items


@pytest.mark.parametrize(
    ("text", "in_lines"), [('\n \n{"a": 1}\n', True), ('\n{"a":\n1}\n', False), ('[{"a": 1}]\n', False), ("\n", False)]
)
def test_values_are_one_a_line_where_the_first_line_with_something_is_one(text: str, in_lines: bool) -> None:
    assert has_lines(source_of(text)) == in_lines


def test_content_that_is_no_json_is_left_to_the_other_formats() -> None:
    assert infer_format(source_of("{not json}\n", "x.txt")).format == "text"
    assert infer_format(source_of("[ O\nEU B-ORG\n] O\n", "x.txt")).format == "conll"


def test_only_a_name_or_a_person_makes_an_error_of_it() -> None:
    with pytest.raises(FormatError, match=r"x\.json:1: no JSON: expecting property name"):
        infer_format(source_of("{not json}\n", "x.json"))
    with pytest.raises(FormatError, match=r"x\.txt:1: this is no record of prodigy, which has a text and spans"):
        infer_format(source_of('{"a": 1}', "x.txt"), "prodigy")


def test_what_is_nested_too_deeply_to_be_written_again_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(*_: object, **__: object) -> str:
        raise RecursionError

    monkeypatch.setattr("ner_tui.formats.records.json_values.json.dumps", deep)
    with pytest.raises(FormatError, match="1: no JSON: it is nested too deeply"):
        list(read(source_of('{"text": "a", "meta": "\\ud83d\\ude00"}\n')))


def test_deep_nesting_within_a_number_of_records_is_no_traceback() -> None:
    deep = '{"text": "a", "meta": ' + "[" * 900 + "]" * 900 + "}\n"
    with suppress(FormatError):
        list(read(source_of(deep)))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats() | st.text(max_size=3) | st.just("Ada left"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["text", "label", "labels", "entities", "ents", "spans", "tokens", "ner_tags", "names", "data", "annotations",
         "predictions", "result", "value", "start", "end", "start_offset", "end_offset", "type", "score", "source",
         "sentences", "notes", "answer", "status", "alternatives", "id2label", "document", "origin", "name"]
    ), inner, max_size=6),
    max_leaves=30,
)  # fmt: skip


@settings(deadline=None)
@given(VALUES, st.sampled_from(JSON_FORMATS))
def test_records_of_any_types_are_read_or_refused(value: object, fmt: str) -> None:
    record = {"text": "Ada left", **value} if isinstance(value, dict) else value
    for text in (json.dumps(record), json.dumps([record, record])):
        with suppress(InputError):
            list(read(source_of(text), fmt))
        with suppress(InputError):
            list(read(source_of(text)))


@settings(deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_mutated_files_are_read_or_refused(sample: str, data: st.DataObject) -> None:
    text = mutated(sample, data)
    for path in ("x.jsonl", "x.txt"):
        with suppress(InputError):
            list(read(source_of(text, path)))


def mutated(sample: str, data: st.DataObject) -> str:
    """Return a sample with a few stretches replaced, doubled or taken out."""
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(sample)))
        end = data.draw(st.integers(start, min(len(sample), start + 6)))
        piece = data.draw(st.sampled_from(["", '"', "0", "-1", "9", "{", "]", ",", "null", "\\ud83d", "\n", "😀", " "]))
        sample = sample[:start] + data.draw(st.sampled_from([piece, sample[start:end] * 2])) + sample[end:]
    return sample
