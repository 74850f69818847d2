"""A smaller vocabulary: what a model of one language never reads need not be shipped with it.

A seventh of the words' table of an uncased English encoder is letters of other scripts and pieces that stand for
nothing. Without them a word in another script is one unknown word, as most such words were before.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from ner_tui.errors import ModelError

_UNUSED = "[unused"
_CONTINUES = "##"


def keep_scripts(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, scripts: Sequence[str]
) -> PreTrainedTokenizerBase:
    """Drop the pieces with letters of other scripts, and those that were never used.

    Args:
        model: its table of words is changed.
        tokenizer: of the WordPiece kind; it stays as it is.
        scripts: as Unicode begins the names of their letters, such as ``LATIN``.

    Returns:
        The tokenizer of what is left.

    Raises:
        ModelError: the vocabulary is of another kind.
    """
    with TemporaryDirectory() as folder:
        tokenizer.save_pretrained(folder)
        path = Path(folder) / "tokenizer.json"
        settings = json.loads(path.read_text(encoding="utf-8"))
        vocabulary = settings["model"].get("vocab")
        if settings["model"].get("type") != "WordPiece":
            raise ModelError("only vocabularies of the WordPiece kind can be made smaller")
        special = {each["content"] for each in settings["added_tokens"]} | {settings["model"]["unk_token"]}
        kept = [
            (piece, number)
            for piece, number in sorted(vocabulary.items(), key=lambda item: item[1])
            if piece in special or _is_read(piece, scripts)
        ]
        numbers = {old: new for new, (_, old) in enumerate(kept)}
        settings["model"]["vocab"] = {piece: numbers[old] for piece, old in kept}
        for each in settings["added_tokens"]:
            each["id"] = numbers[each["id"]]
        settings["post_processor"] = _renumbered(settings["post_processor"], numbers)
        path.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
        for other in ("vocab.txt", "vocab.json"):
            (Path(folder) / other).unlink(missing_ok=True)
        smaller: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder)
    old = model.get_input_embeddings()
    assert isinstance(old, torch.nn.Embedding)
    padding = numbers.get(old.padding_idx) if old.padding_idx is not None else None
    new = torch.nn.Embedding(len(kept), old.embedding_dim, padding_idx=padding)
    with torch.no_grad():
        new.weight.copy_(old.weight[[number for _, number in kept]])
    model.set_input_embeddings(new)
    model.config.vocab_size = len(kept)
    return smaller


def _is_read(piece: str, scripts: Sequence[str]) -> bool:
    if piece.startswith(_UNUSED):
        return False
    letters = (letter for letter in piece.removeprefix(_CONTINUES) if letter.isalpha())
    return all(unicodedata.name(letter, "").split(" ")[0] in (*scripts, "MODIFIER") for letter in letters)


def _renumbered(step: object, numbers: dict[int, int]) -> object:
    """Return a post-processor that puts the same special pieces around a text: pairs of piece and number, or lists."""
    if isinstance(step, dict):
        return {
            key: [numbers[number] for number in value] if key == "ids" else _renumbered(value, numbers)
            for key, value in step.items()
        }
    if isinstance(step, list):
        if len(step) == 2 and isinstance(step[0], str) and isinstance(step[1], int):
            return [step[0], numbers[step[1]]]
        return [_renumbered(part, numbers) for part in step]
    return step
