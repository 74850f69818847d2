"""The names of a model's tags: by id2label or by a person, as many as there are outputs, or both numbers are told."""

from __future__ import annotations

import pytest

from ner_tui.errors import ModelError
from ner_tui.predictors.model_tags import tags_of

NAMED = ("O", "B-PER", "I-PER")


def numbered(first: int = 0, *left_out: int) -> dict[str, object]:
    numbers = (number for number in range(first, 10) if number not in left_out)
    return {"id2label": {str(number): tag for number, tag in zip(numbers, NAMED, strict=False)}}


@pytest.mark.parametrize("outputs", [None, 3])
def test_numbered_from_0_they_are_taken_as_they_are(outputs: int | None) -> None:
    assert tags_of("m", numbered(), None, outputs) == NAMED


def test_their_order_in_the_file_does_not_matter() -> None:
    assert tags_of("m", {"id2label": {"2": "I-PER", "0": "O", "1": "B-PER"}}, None, 3) == NAMED


@pytest.mark.parametrize(
    ("config", "outputs", "told"),
    [
        (numbered(1), 3, r"names 3 tags, numbered 1 to 3, the classifier has 3 outputs: .*--model-tags O,B-PER,I-PER$"),
        (
            numbered(1),
            4,
            r"names 3 tags, numbered 1 to 3, the classifier has 4 outputs: .*--model-tags O,O,B-PER,I-PER$",
        ),
        (numbered(0, 1), 4, r"numbered 0 to 3, the classifier has 4 outputs: .*--model-tags O,O,B-PER,I-PER$"),
        (numbered(), 5, r"names 3 tags, the classifier has 5 outputs: .*--model-tags O,B-PER,I-PER,O,O$"),
        (numbered(), 2, r"names 3 tags, the classifier has 2 outputs: name all .*--model-tags O,B-PER,…$"),
        (numbered(1), None, r"names 3 tags, numbered 1 to 3: name all .*--model-tags O,B-PER,…$"),
        (numbered(-1), 3, r"numbered -1 to 1, the classifier has 3 outputs: .*--model-tags"),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}, 2, r"does not name its 2 tags; .*--model-tags"),
        ({}, 7, r"does not name its 7 tags; .*--model-tags"),
        ({"id2label": {"a": "O"}}, None, "--model-tags"),
        ({"id2label": {"0": "O", "00": "B-PER"}}, None, "--model-tags"),
    ],
)
def test_other_numbers_are_told_with_what_mends_them(config: dict[str, object], outputs: int | None, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        tags_of("m", config, None, outputs)


@pytest.mark.parametrize("config", [numbered(1), numbered(0, 1), numbered(), {}, {"id2label": ["O"]}])
def test_names_by_a_person_mend_whatever_the_file_says(config: dict[str, object]) -> None:
    given = ("O", "B-LOC", "I-LOC", "O")
    assert tags_of("m", config, given, 4) == given
    assert tags_of("m", config, given, None) == given
    with pytest.raises(ModelError, match="names 4 tags, the model has 9"):
        tags_of("m", config, given, 9)
