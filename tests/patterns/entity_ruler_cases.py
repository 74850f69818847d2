"""Random patterns and words, and what spaCy's EntityRuler finds.

``python tests/patterns/entity_ruler_cases.py 300 3`` made ``entity_ruler.jsonl``, with spaCy's version in line 1.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

WORDS = (
    "San san SAN Francisco francisco New York york YORK U.S. a b B 3 42 2024 , . - IL 2Rα p53 Łódź ŁÓDŹ Straße "
    "Ada McX iPhone über abcde ABCDE McDonald"
).split()
"""Each is one token to spaCy's English tokeniser and to ours."""
SHAPES = ("Xxx", "Xxxxx", "xxx", "XXX", "dd", "d", "x", "X.X.", ",", "xdd", "xxxx")
OPS = ("1", "?", "*", "+", "!", "{2}", "{1,2}", "{,2}", "{1,}", "{0,1}")
EXPRESSIONS = ("^[A-Z]", "an$", "[0-9]+", "o", "^(San|New)$", "^.$", "(?i)york", "^a")


def _test(chance: random.Random) -> dict[str, Any]:
    word = chance.choice(WORDS)
    some = chance.sample(WORDS, chance.randint(1, 5))
    text = chance.choice(("ORTH", "TEXT", "text"))
    choices: list[dict[str, Any]] = [
        {},
        {text: word},
        {"LOWER": word.lower()},
        {"LOWER": word},
        {text: {"REGEX": chance.choice(EXPRESSIONS)}},
        {"LOWER": {"REGEX": chance.choice(EXPRESSIONS)}},
        {text: {"IN": some}},
        {"LOWER": {"IN": [each.lower() for each in some]}},
        {text: {"NOT_IN": some}},
        {text: {"NOT_IN": some, "REGEX": chance.choice(EXPRESSIONS)}},
        {"SHAPE": chance.choice(SHAPES)},
        {"SHAPE": {"IN": chance.sample(SHAPES, 2)}},
        {"LENGTH": chance.randint(1, 5)},
        {"LENGTH": {chance.choice(("==", "!=", ">=", "<=", ">", "<")): chance.randint(1, 5)}},
        {"LENGTH": {"IN": [1, 3]}},
        *({name: chance.random() < 0.8} for name in ("IS_TITLE", "IS_UPPER", "IS_LOWER", "IS_DIGIT")),
        *({name: chance.random() < 0.8} for name in ("IS_ALPHA", "IS_ASCII", "IS_PUNCT")),
        {"IS_TITLE": True, "LENGTH": {">": 2}},
        {"IS_ALPHA": 1},
    ]
    return chance.choice(choices)


def random_pattern(chance: random.Random) -> dict[str, Any]:
    """Return a pattern: half of them strings or words alone."""
    label = chance.choice("ABC")
    number = chance.randint(1, 4)
    kind = chance.random()
    if kind < 0.3:
        return {"label": label, "pattern": " ".join(chance.choices(WORDS, k=number))}
    if kind < 0.5:
        return {"label": label, "pattern": [{"LOWER": word.lower()} for word in chance.choices(WORDS, k=number)]}
    tokens = []
    for _ in range(number):
        token = _test(chance)
        if chance.random() < 0.4:
            token["OP"] = chance.choice(OPS)
        tokens.append(token)
    return {"label": label, "pattern": tokens}


def random_case(chance: random.Random) -> tuple[list[dict[str, Any]], list[str]]:
    """Return some patterns, and the words of a sentence, among which strings of the patterns are likely."""
    patterns = [random_pattern(chance) for _ in range(chance.randint(1, 5))]
    words = chance.choices(WORDS, k=chance.randint(1, 12))
    for pattern in patterns:
        if isinstance(pattern["pattern"], str) and chance.random() < 0.7:
            at = chance.randint(0, len(words))
            words[at:at] = pattern["pattern"].split()
    return patterns, words


def spacy_finds(nlp: Any, patterns: list[dict[str, Any]], words: list[str]) -> list[tuple[int, int, list[str]]]:
    """Return ``[start, end)`` in words of each entity, with all labels that patterns give to just these words."""
    from spacy.pipeline import EntityRuler
    from spacy.tokens import Doc

    ruler = EntityRuler(nlp, patterns=patterns)
    doc = Doc(nlp.vocab, words=words)
    labels: dict[tuple[int, int], set[str]] = {}
    for key, start, end in ruler.match(doc):
        labels.setdefault((start, end), set()).add(nlp.vocab.strings[key])
    return [(each.start, each.end, sorted(labels[each.start, each.end])) for each in ruler(doc).ents]


def main() -> None:
    import spacy

    number, seed = map(int, sys.argv[1:])
    nlp = spacy.blank("en")
    chance = random.Random(seed)
    print(json.dumps({"spacy": spacy.__version__, "seed": seed}))
    while number:
        patterns, words = random_case(chance)
        found = spacy_finds(nlp, patterns, words)
        # Most random patterns match nothing: of those a fifth is enough.
        if found or chance.random() < 0.2:
            print(json.dumps({"patterns": patterns, "words": words, "found": found}, ensure_ascii=False))
            number -= 1


if __name__ == "__main__":
    main()
