"""What other learners would have suggested for each sentence of a stream, from the sentences before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

WordSpan = tuple[int, int, str]
Gold = Sequence[tuple[tuple[str, ...], tuple[WordSpan, ...]]]
EVERY = 10
"""Sentences after which the CRF is fitted anew."""


def peers(gold: Gold) -> dict[str, list[set[WordSpan]]]:
    """Return the suggestions of each peer that is installed, by its name."""
    ways: dict[str, Callable[[Gold], list[set[WordSpan]]]] = {"dictionary": dictionary}
    try:
        import pycrfsuite  # noqa: F401

        ways["crf"] = crf
    except ImportError:
        pass
    try:
        import spacy  # noqa: F401

        ways["spacy"] = spacy_update
    except ImportError:
        pass
    return {name: way(gold) for name, way in ways.items()}


def dictionary(gold: Gold) -> list[set[WordSpan]]:
    """Suggest strings that were decided before, with their commonest label, the longest first."""
    known: dict[tuple[str, ...], Counter[str]] = {}
    found = []
    for words, spans in gold:
        said, first = set(), 0
        while first < len(words):
            end = next((end for end in range(len(words), first, -1) if words[first:end] in known), first)
            if end > first:
                said.add((first, end, known[words[first:end]].most_common(1)[0][0]))
            first = max(end, first + 1)
        found.append(said)
        for first, end, label in spans:
            known.setdefault(words[first:end], Counter())[label] += 1
    return found


def crf(gold: Gold) -> list[set[WordSpan]]:
    """Suggest what a linear-chain CRF on words, affixes and shapes says, fitted anew every ten sentences."""
    import tempfile

    import pycrfsuite

    found: list[set[WordSpan]] = []
    tagger = None
    with tempfile.TemporaryDirectory() as folder:
        for number, (words, _) in enumerate(gold):
            if number and number % EVERY == 0:
                trainer = pycrfsuite.Trainer(verbose=False)
                trainer.set_params({"c1": 0.1, "c2": 0.1, "max_iterations": 60})
                for some, spans in gold[:number]:
                    trainer.append(_features(some), _tags(len(some), spans))
                trainer.train(f"{folder}/model")
                tagger = pycrfsuite.Tagger()
                tagger.open(f"{folder}/model")
            found.append(_spans(tagger.tag(_features(words))) if tagger else set())
    return found


def spacy_update(gold: Gold) -> list[set[WordSpan]]:
    """Suggest what a blank spaCy pipeline says that is updated with each sentence once, as in Prodigy."""
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("en")
    ner = nlp.add_pipe("ner")
    for label in sorted({label for _, spans in gold for _, _, label in spans}):
        ner.add_label(label)
    optimizer = nlp.initialize()
    found = []
    for words, spans in gold:
        doc = spacy.tokens.Doc(nlp.vocab, words=list(words))
        found.append({(each.start, each.end, each.label_) for each in nlp.get_pipe("ner")(doc).ents})
        example = Example.from_dict(
            spacy.tokens.Doc(nlp.vocab, words=list(words)), {"entities": _bilou(len(words), spans)}
        )
        nlp.update([example], sgd=optimizer)
    return found


def _features(words: Sequence[str]) -> list[list[str]]:
    rows = []
    for number, word in enumerate(words):
        row = ["bias"]
        for at in (-2, -1, 0, 1, 2):
            other = words[number + at] if 0 <= number + at < len(words) else "-"
            row += [f"{at}:{other.lower()}", f"{at}:{other.istitle():d}{other.isupper():d}{other.isdigit():d}"]
        row += [f"p{word[:3].lower()}", f"s{word[-3:].lower()}", f"s{word[-2:].lower()}"]
        rows.append(row)
    return rows


def _tags(length: int, spans: Sequence[WordSpan]) -> list[str]:
    tags = ["O"] * length
    for first, end, label in spans:
        tags[first:end] = [f"B-{label}", *[f"I-{label}"] * (end - first - 1)]
    return tags


def _bilou(length: int, spans: Sequence[WordSpan]) -> list[str]:
    tags = ["O"] * length
    for first, end, label in spans:
        inside = [f"B-{label}", *[f"I-{label}"] * (end - first - 2), f"L-{label}"]
        tags[first:end] = inside if end - first > 1 else [f"U-{label}"]
    return tags


def _spans(tags: Sequence[str]) -> set[WordSpan]:
    found, start = set(), -1
    for number, tag in enumerate([*tags, "O"]):
        if start >= 0 and tag != f"I-{tags[start][2:]}":
            found.add((start, number, tags[start][2:]))
            start = -1
        if tag != "O" and start < 0:
            start = number
    return found
