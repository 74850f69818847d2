"""The tags of models, however ``id2label`` spells them: what they are read as, and what of it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.domain.tag_chain import TagColumns
from ner_tui.errors import ModelError
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.weights import Weights

NO_WEIGHTS = Weights("onnx", ())


def checkpoint(*tags: str) -> Checkpoint:
    return Checkpoint(Path(), "a/model", {"id2label": {str(number): tag for number, tag in enumerate(tags)}})


@pytest.mark.parametrize(
    ("named", "read", "told"),
    [
        ("O B-PER I-PER", "O B-PER I-PER", ""),
        ("O B_PER I_PER E_PER S_PER", "O B-PER I-PER E-PER S-PER", "B_PER read as B-PER"),
        ("o b-per l-per u-per", "o B-per L-per U-per", "b-per read as B-per, o read as outside"),
        ("O PER-B PER-I LOC-B LOC-I", "O B-PER I-PER B-LOC I-LOC", "LOC-B read as B-LOC"),
        ("OTHER PER LOC", "O PER LOC", "OTHER read as outside"),
        ("0 B-PER I-PER", "O B-PER I-PER", "0 read as outside"),
        ("O PER OTHER", "O PER OTHER", ""),
        ("O E_MAIL PHONE", "O E_MAIL PHONE", ""),
    ],
)
def test_tags_are_read_in_every_spelling_and_told(named: str, read: str, told: str) -> None:
    model = checkpoint(*named.split())
    tags = model.tags(None)
    assert " ".join(tags) == read
    assert model.remarks(NO_WEIGHTS, tags) == (
        (f"a/model: of its tags, {told}; --model-tags says otherwise",) if told else ()
    )
    # Each reading has one column that is outside.
    assert sum(role == "outside" for _, role in TagColumns.of(tags).columns) == 1


def test_what_has_two_readings_is_asked_and_answered() -> None:
    model = checkpoint("O", "NONE", "B-PER")
    with pytest.raises(ModelError, match=r"^a/model: NONE may be outside or a label: name its tags with --model-tags"):
        model.tags(None)
    tags = model.tags(["O", "O", "B-PER"])
    assert (tags, model.remarks(NO_WEIGHTS, tags)) == (("O", "O", "B-PER"), ())


def test_tags_that_a_person_names_are_read_too() -> None:
    assert checkpoint("LABEL_0", "LABEL_1", "LABEL_2").tags(["O", "PER-B", "PER-I"]) == ("O", "B-PER", "I-PER")
