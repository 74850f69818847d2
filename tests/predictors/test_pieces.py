"""Words to sub-tokens, for vocabularies of words and of running text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from ner_tui.domain.document import Sentence
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.domain.spans import Token
from ner_tui.predictors.base import TrainedOn
from ner_tui.predictors.pieces import Pieces, encoder_for, training_text
from ner_tui.predictors.shapes import letter_shape


def word_vocabulary() -> Tokenizer:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "new", "york", "##er", "s", "'", "-", "based", "[", "]", "sep"]
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[SEP]"])
    return tokenizer


def byte_vocabulary(*, space: bool = False) -> Tokenizer:
    """Every byte, and a few merges: laid out like RoBERTa's."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("Ġ", "N"), ("ĠN", "e"), ("ĠNe", "w"), ("Ġ", "Y"), ("ĠY", "o"), ("o", "n"), ("d", "on"), ("r", "k")]
    vocabulary = [*alphabet, *dict.fromkeys("".join(pair) for pair in merges), "<s>", "</s>"]
    ids = {piece: i for i, piece in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.BPE(ids, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=space)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", ids["</s>"]), ("<s>", ids["<s>"]))
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def sentence_vocabulary() -> Tokenizer:
    """Pieces of running text with ``▁`` for a space: laid out like XLM-R's."""
    pieces = [
        ("<unk>", 0.0),
        ("▁", -3.0),
        ("▁New", -1.0),
        ("▁York", -1.0),
        ("York", -2.0),
        ("東京", -2.0),
        ("▁don", -2.0),
    ]
    pieces += [("'t", -2.0), ("n't", -9.0), *((c, -5.0) for c in "abcdefghijklmnopqrstuvwxyzNYE',-.")]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


VOCABULARIES = {"words": word_vocabulary, "bytes": byte_vocabulary, "pieces": sentence_vocabulary}


def sentence(text: str, *places: tuple[int, int]) -> Sentence:
    return Sentence(0, text, tuple(Token(*place) for place in places) or tuple(tokenize(text)))


def spelled(tokenizer: Tokenizer, pieces: Pieces) -> list[list[str]]:
    """The sub-tokens of each word."""
    names = iter([tokenizer.id_to_token(number) for number in pieces.ids.tolist()])
    return [[str(next(names)) for _ in range(count)] for count in pieces.counts]


@pytest.mark.parametrize(
    ("vocabulary", "text", "places", "expected"),
    [
        ("words", "New Yorker's", (), [["new"], ["york", "##er"], ["'", "s"]]),
        ("words", "York \u200b [SEP]", ((0, 4), (5, 6), (7, 12)), [["york"], [], ["[", "sep", "]"]]),
        ("bytes", "New\n York", (), [["ĠNew"], ["ĠYo", "rk"]]),
        ("bytes", "York's", ((0, 4), (4, 6)), [["ĠYo", "rk"], ["'", "s"]]),
        ("bytes", "don't", ((0, 2), (2, 5)), [["Ġ", "don"], ["'", "t"]]),
        ("bytes", "</s>", ((0, 4),), [["Ġ", "<", "/", "s", ">"]]),
        ("pieces", "New York", (), [["▁New"], ["▁York"]]),
        ("pieces", "in 東京", ((0, 2), (3, 5)), [["▁", "i", "n"], ["▁", "東京"]]),
        ("pieces", "don't", ((0, 2), (2, 5)), [["▁don"], ["'t"]]),
    ],
)
def test_sub_tokens_go_to_the_word_they_begin_in(
    vocabulary: str, text: str, places: tuple[tuple[int, int], ...], expected: list[list[str]]
) -> None:
    tokenizer = VOCABULARIES[vocabulary]()
    pieces = encoder_for(tokenizer, 200, None).encode([sentence(text, *places)])
    assert spelled(tokenizer, pieces) == expected


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        (True, [["ĠNew"], ["ĠYo", "rk"], ["Ġ", "'", "s"]]),
        (False, [["N", "e", "w"], ["Y", "o", "rk"], ["'", "s"]]),
    ],
)
def test_split_words_are_encoded_as_the_tokenizer_does_in_training(space: bool, expected: list[list[str]]) -> None:
    tokenizer = byte_vocabulary(space=space)
    pieces = encoder_for(tokenizer, 200, None, "words").encode([sentence("New York's", (0, 3), (4, 8), (8, 10))])
    assert spelled(tokenizer, pieces) == expected
    assert pieces.heads.tolist() == [0, len(expected[0]), len(expected[0]) + len(expected[1])]


def test_a_split_word_that_is_too_long_or_has_no_sub_token() -> None:
    pieces = encoder_for(byte_vocabulary(), 3, None, "words").encode([sentence("abcde f", (0, 5), (6, 7))])
    assert pieces.counts == [3, 1]
    gone = encoder_for(sentence_vocabulary(), 3, None, "words").encode([sentence("a b", (0, 1), (2, 3))])
    assert min(gone.heads.tolist()) >= 0


@pytest.mark.parametrize(
    ("tokenizer", "asked", "meant", "told"),
    [
        (byte_vocabulary(space=True), None, "words", "--trained-on text"),
        (byte_vocabulary(space=False), None, "text", "--trained-on words"),
        (byte_vocabulary(space=False), "words", "words", ""),
        (byte_vocabulary(space=True), "text", "text", ""),
        (sentence_vocabulary(), None, "text", ""),
        (sentence_vocabulary(), "words", "words", ""),
        (word_vocabulary(), None, "words", ""),
    ],
)
def test_what_a_model_was_trained_on_is_told_where_it_is_guessed(
    tokenizer: Tokenizer, asked: TrainedOn | None, meant: str, told: str
) -> None:
    found, remark = training_text(tokenizer, asked)
    assert found == meant
    assert told in remark
    assert bool(remark) == bool(told)


def test_a_word_inside_a_sub_token_is_spoken_for_by_it() -> None:
    pieces = encoder_for(byte_vocabulary(), 200, None).encode([sentence("don't", (0, 2), (2, 3), (3, 5))])
    assert pieces.counts == [2, 0, 2]
    assert pieces.heads.tolist() == [0, 1, 2]


def test_a_word_without_a_sub_token_has_no_head() -> None:
    pieces = encoder_for(word_vocabulary(), 200, None).encode([sentence("York \u200b", (0, 4), (5, 6))])
    assert pieces.heads.tolist() == [0, -1]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_a_very_long_word_is_read_by_its_beginning(vocabulary: str) -> None:
    text = "in " + "ab-" * 100_000
    places = ((0, 2), (3, len(text)))
    pieces = encoder_for(VOCABULARIES[vocabulary](), 200, None).encode([sentence(text, *places)])
    assert pieces.counts[1] == 200
    assert pieces.heads[1] == pieces.counts[0]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_sub_tokens_carry_the_letter_shape_of_their_word(vocabulary: str) -> None:
    pieces = encoder_for(VOCABULARIES[vocabulary](), 200, letter_shape).encode([sentence("New york EU")])
    types = iter(pieces.types.tolist())
    assert [{next(types) for _ in range(count)} for count in pieces.counts] == [{1}, {0}, {2}]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=4), st.sampled_from(sorted(VOCABULARIES)))
def test_any_text_gives_every_word_its_share(texts: list[str], vocabulary: str) -> None:
    encoder = cached(vocabulary)
    block = [Sentence(0, text, tuple(tokenize(text))) for text in texts]
    pieces = encoder(block)
    words = sum(len(s.tokens) for s in block)
    assert len(pieces.counts) == len(pieces.heads) == words
    assert sum(pieces.counts) == len(pieces.ids) == len(pieces.types)
    first = 0
    for count, head in zip(pieces.counts, pieces.heads.tolist(), strict=True):
        assert head == first if count else head < first
        first += count


def cached(vocabulary: str, _made: dict[str, Callable[[list[Sentence]], Pieces]] = {}) -> Callable[..., Pieces]:  # noqa: B006
    if vocabulary not in _made:
        _made[vocabulary] = encoder_for(VOCABULARIES[vocabulary](), 200, None).encode
    return _made[vocabulary]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_a_sentence_is_encoded_the_same_in_any_company(vocabulary: str) -> None:
    encode = encoder_for(VOCABULARIES[vocabulary](), 200, None).encode
    one, two = sentence("New York don't"), sentence("in York-based")
    alone, together = encode([two]), encode([one, two])
    assert together.ids.tolist()[-len(alone.ids) :] == alone.ids.tolist()
