"""Both backends on the same tiny model: what they share, and what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Token
from ner_tui.errors import ModelError
from ner_tui.predictors import load
from ner_tui.predictors.base import Predictor
from ner_tui.predictors.suggesting import suggest

pytest.importorskip("torch")

Alter = Callable[[Path], None]
Altered = Callable[[Path, Alter], str]

RECIPE = (
    "Hugging Face Inc. is a company based in New York City. Its headquarters are in DUMBO, near the Manhattan Bridge."
)

Make = Callable[..., list[Sentence]]


@pytest.fixture(scope="session")
def block(sentences: Make) -> list[Sentence]:
    long = "The New York-based company hired Ada Okonkwo. " * 30
    return sentences(RECIPE, "\n\n", long, "東京 is ok. ", "x" * 5_000)


def probabilities(predictor: Predictor, block: list[Sentence]) -> list[list[list[float]]]:
    return [words.probabilities.tolist() for words in predictor.predict(block, "document")]


def test_a_block_gives_one_row_a_word_that_sums_to_one(
    transformer: Predictor, onnx: Predictor, block: list[Sentence]
) -> None:
    for predictor in (transformer, onnx):
        found = list(predictor.predict(block, "document"))
        assert [len(words.probabilities) for words in found] == [len(s.tokens) for s in block]
        for words in found:
            assert words.probabilities.dtype == np.float32
            assert words.probabilities.sum(axis=1) == pytest.approx(np.ones(len(words.probabilities)), abs=1e-5)


def test_an_export_says_what_its_checkpoint_says(
    transformer: Predictor, onnx: Predictor, block: list[Sentence]
) -> None:
    for ours, theirs in zip(probabilities(transformer, block), probabilities(onnx, block), strict=True):
        assert np.allclose(ours, theirs, atol=1e-4)


def test_the_same_block_gives_the_same_bytes_again(onnx: Predictor, block: list[Sentence]) -> None:
    assert probabilities(onnx, block) == probabilities(onnx, block)


def test_alone_a_sentence_reads_the_same_in_any_company(transformer: Predictor, sentences: Make) -> None:
    pair = sentences(RECIPE, "The company is in the City. ")
    (alone,) = transformer.predict(pair[1:], "sentence")
    _, beside = transformer.predict(pair, "sentence")
    assert np.allclose(alone.probabilities, beside.probabilities, atol=1e-5)


def test_a_short_sentence_reads_as_the_model_itself_reads_it(
    transformer: Predictor, tiny_checkpoint: Path, sentences: Make
) -> None:
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    (sentence,) = sentences("Hugging Face Inc. is in New York City")
    tokenizer = AutoTokenizer.from_pretrained(tiny_checkpoint)
    model = AutoModelForTokenClassification.from_pretrained(tiny_checkpoint)
    inputs = tokenizer(sentence.words, is_split_into_words=True, return_tensors="pt")
    with torch.no_grad():
        rows = model(**inputs).logits.softmax(-1)[0].numpy()
    firsts = [inputs.word_ids().index(word) for word in range(len(sentence.tokens))]
    (found,) = transformer.predict([sentence], "document")
    assert np.allclose(found.probabilities, rows[firsts], atol=1e-5)


def test_a_word_without_a_sub_token_is_outside_and_unseen(onnx: Predictor) -> None:
    text = "New \u200b York"
    sentence = Sentence(0, text, (Token(0, 3), Token(4, 5), Token(6, 10)))
    (found,) = onnx.predict([sentence], "document")
    assert found.unseen.tolist() == [False, True, False]
    assert found.probabilities[1].tolist() == [1.0] + [0.0] * 8


@pytest.mark.parametrize("text", ["\ud800 Bob", "[SEP] Bob [MASK]", "a\x00b c", "e\u0301" * 3_000])
def test_odd_text_is_read_as_text(onnx: Predictor, text: str) -> None:
    sentence = Sentence(0, text, tuple(Token(m, m + 1) for m in range(len(text)) if text[m] != " "))
    (found,) = onnx.predict([sentence], "document")
    assert np.isfinite(found.probabilities).all()


def test_suggestions_lie_on_words_and_in_order(onnx: Predictor, block: list[Sentence]) -> None:
    found = suggest(onnx, block)
    assert len(found) == len(block)
    for sentence, suggestions in zip(block, found, strict=True):
        starts, ends = {t.start for t in sentence.tokens}, {t.end for t in sentence.tokens}
        spans = [suggestion.span for suggestion in suggestions]
        assert spans == sorted(spans)
        assert all(span.start in starts and span.end in ends for span in spans)
    assert any(found)


@pytest.mark.parametrize("text", [RECIPE, "", "x", "Unbelievable [SEP] 東京", "New York "])
def test_word_pieces_are_those_of_the_original_recipe(transformer: Predictor, tiny_checkpoint: Path, text: str) -> None:
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_checkpoint)
    model = AutoModelForTokenClassification.from_pretrained(tiny_checkpoint)
    text = text[:120]
    tokens = tokenizer.convert_ids_to_tokens(tokenizer.encode(text))
    with torch.no_grad():
        logits = model(tokenizer.encode(text, return_tensors="pt")).logits
    assert logits.shape == (1, len(tokens), 9)
    predictions = torch.argmax(logits, dim=2)[0].tolist()
    scores = logits.softmax(-1).max(-1).values[0].tolist()
    found = list(transformer.wordpieces(text))
    assert [(piece.text, piece.tag) for piece in found] == [
        (token, model.config.id2label[prediction]) for token, prediction in zip(tokens, predictions, strict=True)
    ]
    assert [piece.score for piece in found] == pytest.approx(scores, abs=1e-5)


def test_word_pieces_past_the_limit_are_all_listed_with_the_special_ones_once(onnx: Predictor) -> None:
    names = [piece.text for piece in onnx.wordpieces("the City " * 100)]
    assert names == ["[CLS]", *["the", "City"] * 100, "[SEP]"]


def test_a_temperature_flattens_the_distribution(
    onnx: Predictor, tiny_onnx: Path, altered: Altered, block: list[Sentence], configured: Callable[..., Alter]
) -> None:
    warm = load(altered(tiny_onnx, configured(temperature=4.0)))
    (sharp,), (flat,) = (list(p.predict(block[:1], "document")) for p in (onnx, warm))
    assert flat.probabilities.max(axis=1).mean() < sharp.probabilities.max(axis=1).mean()


def test_letter_shapes_are_fed_when_the_config_says_so(
    onnx: Predictor, tiny_onnx: Path, altered: Altered, sentences: Make, configured: Callable[..., Alter]
) -> None:
    shaped = load(altered(tiny_onnx, configured(token_types="letter-shape-1")))
    capitals, small = sentences("New York"), sentences("the of")
    assert probabilities(shaped, capitals) != probabilities(onnx, capitals)
    assert probabilities(shaped, small) == probabilities(onnx, small)


def test_information_names_the_weights(transformer: Predictor, tiny_checkpoint: Path) -> None:
    import hashlib

    info = transformer.info
    assert info.file_hash == hashlib.sha256((tiny_checkpoint / "model.safetensors").read_bytes()).hexdigest()
    assert (info.name, info.precision, info.tags[:2]) == (str(tiny_checkpoint), "fp32", ("O", "B-MISC"))


def test_tags_without_names_can_be_given(
    tiny_checkpoint: Path, altered: Altered, configured: Callable[..., Alter]
) -> None:
    anonymous = configured(id2label={str(i): f"LABEL_{i}" for i in range(9)}, label2id=None)
    folder = altered(tiny_checkpoint, anonymous)
    with pytest.raises(ModelError, match="--model-tags"):
        load(folder)
    tags = ["O", *"ABCDEFGH"]
    assert load(folder, model_tags=tags).info.tags == tuple(tags)
    with pytest.raises(ModelError, match="names 2 tags, the model has 9"):
        load(folder, model_tags=["O", "B-X"])


def test_a_closed_model_says_so(tiny_onnx: Path, block: list[Sentence]) -> None:
    predictor = load(str(tiny_onnx))
    predictor.close()
    with pytest.raises(ModelError, match="closed"):
        list(predictor.predict(block, "document"))


def test_a_byte_level_model_is_read_to_the_last_of_its_positions(tmp_path: Path, sentences: Make) -> None:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import RobertaConfig, RobertaForTokenClassification

    alphabet = ["<s>", "<pad>", "</s>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    ids = {piece: number for number, piece in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(ids, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "PreTrainedTokenizerFast"}', encoding="utf-8")
    torch.manual_seed(1)
    sizes: Any = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4, "intermediate_size": 64}
    config = RobertaConfig(
        vocab_size=len(ids),
        max_position_embeddings=34,
        type_vocab_size=1,
        pad_token_id=1,
        id2label={0: "O", 1: "B-PER", 2: "I-PER"},
        label2id={"O": 0, "B-PER": 1, "I-PER": 2},
        **sizes,
    )
    RobertaForTokenClassification(config).save_pretrained(tmp_path)
    predictor = load(str(tmp_path))
    assert "30 sub-tokens" in predictor.info.window_rule
    found = list(predictor.predict(sentences("Łódź isn't far. " * 20, "No."), "document"))
    assert not any(words.unseen.any() for words in found)
