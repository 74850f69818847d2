"""``ner-tui score``: how predictions compare with gold annotations of the same words."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, field

from ner_tui.cli.annotations import Annotation, ComparedPairs, in_context, open_annotation, quoted, span_object
from ner_tui.cli.printing import Printer, as_json, tell
from ner_tui.domain.counting import counted
from ner_tui.domain.evaluation.matching import Match
from ner_tui.domain.evaluation.scoring import MEASURES, ScoreFigures, Scores
from ner_tui.domain.evaluation.sentence_pairs import SentencePair, TaggedSentence
from ner_tui.domain.evaluation.strict import strict_decode
from ner_tui.domain.schemes import SCHEMES, TagSpan, validate
from ner_tui.errors import InputError
from ner_tui.formats import Source, open_source
from ner_tui.formats.files.paths import require_there


@dataclass(frozen=True, slots=True)
class _Error:
    """A match that is wrong, and where."""

    match: Match
    pair: SentencePair

    @property
    def place(self) -> str:
        """``file:line`` in the gold file."""
        return self.pair[0].place(self.match.start)

    def __str__(self) -> str:
        (gold, predicted), (sentence, _) = self.match, self.pair
        if gold is None or predicted is None:
            span = gold or predicted
            assert span is not None
            return f"{self.match.kind} {span.label} {quoted(sentence, span.start, span.end)}"
        if self.match.kind == "label":
            return f"{predicted.label} for {gold.label} {quoted(sentence, gold.start, gold.end)}"
        found, meant = (f"{span.label} {quoted(sentence, span.start, span.end)}" for span in (predicted, gold))
        return f"{found} for {meant}"


@dataclass
class _ScoredSide:
    """How the tags of one file are turned into spans."""

    annotation: Annotation
    scheme: str | None
    """What they are held against; None: they are spans already."""
    strict: bool
    column: str | None = None
    """Where the tags are, if a person said so."""
    broken: int = 0
    """Tags so far that break the scheme."""

    def spans(self, sentence: TaggedSentence) -> Sequence[TagSpan]:
        if self.scheme is None or not sentence.tags:
            return sentence.spans
        problems = validate(sentence.tags, self.scheme)
        self.broken += len(problems)
        return strict_decode(sentence.tags, self.scheme) if self.strict and problems else sentence.spans

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.annotation.path}{column}" + (f" ({SCHEMES[self.scheme].title})" if self.scheme else "")


@dataclass
class _Result:
    """Everything there is to say."""

    gold: _ScoredSide
    predicted: _ScoredSide
    pairs: ComparedPairs
    scores: Scores = field(default_factory=Scores)
    errors: list[_Error] = field(default_factory=list)
    """The first of them."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    require_there(*filter(None, (arguments.gold, arguments.predicted)))
    of_gold = Namespace(**{**vars(arguments), "column": arguments.gold_column or arguments.column})
    source = _only_source(arguments) if arguments.predicted is None else None
    path = arguments.predicted or arguments.gold
    with open_annotation(arguments.gold, of_gold, source) as gold, open_annotation(path, arguments, source) as other:
        pairs = ComparedPairs(gold, other, arguments.sentences)
        result = _Result(_side(gold, of_gold), _side(other, arguments), pairs)
        for pair in pairs:
            spans = result.gold.spans(pair[0]), result.predicted.spans(pair[1])
            for match in result.scores.add(*spans, len(pair[0].words)):
                if len(result.errors) < arguments.errors:
                    result.errors.append(_Error(match, pair))
    for side in (result.gold, result.predicted):
        if side.broken and side.scheme:
            how = "make no spans" if side.strict else "are read as conlleval reads them"
            broken = f"{side.broken:,} tags break {SCHEMES[side.scheme].title} and {how}"
            tell(f"{side.annotation.path}: {broken}; ner-tui check lists them")
    if arguments.json:
        print(as_json(_object(result)))
    else:
        _show(result, Printer(), arguments.errors)
    return 0


def _only_source(arguments: Namespace) -> Source:
    """Open the file that holds both the gold and the predicted tags.

    Raises:
        InputError: it cannot be read, or the arguments do not say where they are.
    """
    if arguments.column is None or arguments.gold_column in (None, arguments.column):
        raise InputError(
            "name the predictions too, or, for a file with both in columns, say --gold-column N --column M"
        )
    return open_source(arguments.gold, arguments.encoding)


def _side(annotation: Annotation, arguments: Namespace) -> _ScoredSide:
    scheme = (arguments.scheme or annotation.scheme) if annotation.scheme else None
    return _ScoredSide(annotation, scheme, arguments.strict, arguments.column)


def _show(result: _Result, printer: Printer, most: int) -> None:
    scores = result.scores
    how = "strict" if result.gold.strict else "as conlleval reads them"
    printer.line(f"{result.predicted} against {result.gold}")
    if compared := str(result.pairs):
        printer.line(compared)
    printer.line(f"{counted(scores.sentences, 'sentence')}, {counted(scores.words, 'word')}; spans {how}")
    headers = ("label", "precision", "recall", "F1", "support", "predicted", "missed", "spurious")
    rows = [
        (*_row(label, scores.label(label)), f"{scores.missed[label]:,}", f"{scores.spurious[label]:,}")
        for label in scores.labels
    ]
    averages = {"micro": scores.micro, "macro": scores.macro, "weighted": scores.weighted}
    totals = f"{scores.missed.total():,}", f"{scores.spurious.total():,}"
    rows += [(*_row(name, figures), *totals) for name, figures in averages.items()]
    printer.table("Exact matches", headers, rows)
    _show_matches(scores, printer)
    if result.errors:
        printer.line("")
        printer.line("Errors, where the gold file has them", "bold")
        for error in result.errors:
            context = in_context(error.pair[0], error.match.start, error.match.end)
            printer.line(f"{error.place}: {error}: {context}")
    left = sum(scores.kinds.values()) - scores.kinds["correct"] - len(result.errors)
    if left and most:
        printer.line(f"and {left:,} more errors: --errors {left + len(result.errors)} lists them all")


def _show_matches(scores: Scores, printer: Printer) -> None:
    headers = ("measure", "correct", "wrong", "partial", "missed", "spurious", "precision", "recall", "F1")
    measures = {name: scores.measure(name) for name in MEASURES}
    rows = [
        (name, *(f"{count:,}" for count in row), *(f"{share:.4f}" for share in row.figures[:3]))
        for name, row in measures.items()
    ]
    printer.table("Partial matches", headers, rows)
    confusions = [(*pair, f"{number:,}") for pair, number in scores.confusion.most_common() if pair[0] != pair[1]]
    if confusions:
        printer.table("Other label, at the same place", ("gold", "predicted", "number"), confusions)
    if scores.boundaries:
        edges = [(*key, f"{number:,}") for key, number in scores.boundaries.most_common()]
        printer.table("Same label, other boundaries", ("label", "left", "right", "number"), edges)


def _row(name: str, figures: ScoreFigures) -> tuple[str, ...]:
    return (name, *(f"{share:.4f}" for share in figures[:3]), f"{figures.support:,}", f"{figures.predicted:,}")


def _object(result: _Result) -> dict[str, object]:
    scores = result.scores
    return {
        "gold": result.gold.annotation.path,
        "predicted": result.predicted.annotation.path,
        "columns": {"gold": result.gold.column, "predicted": result.predicted.column},
        "schemes": {"gold": result.gold.scheme, "predicted": result.predicted.scheme},
        "strict": result.gold.strict,
        "broken_tags": {"gold": result.gold.broken, "predicted": result.predicted.broken},
        **result.pairs.facts(),
        "sentences": scores.sentences,
        "words": scores.words,
        "labels": {label: _figures(scores.label(label)) for label in scores.labels},
        "micro": _figures(scores.micro),
        "macro": _figures(scores.macro),
        "weighted": _figures(scores.weighted),
        "partial": {
            name: {**row._asdict(), **dict(zip(("precision", "recall", "f1"), row.figures, strict=False))}
            for name in MEASURES
            if (row := scores.measure(name))
        },
        "confusion": [
            {"gold": gold, "predicted": predicted, "number": number}
            for (gold, predicted), number in scores.confusion.most_common()
        ],
        "boundaries": [
            {"label": label, "left": left, "right": right, "number": number}
            for (label, left, right), number in scores.boundaries.most_common()
        ],
        "missed": dict(scores.missed),
        "spurious": dict(scores.spurious),
        "errors": [_error(error) for error in result.errors],
    }


def _figures(figures: ScoreFigures) -> dict[str, object]:
    precision, recall, f1, correct, predicted, support = figures
    return {
        "precision": precision, "recall": recall, "f1": f1, "support": support, "predicted": predicted,
        "correct": int(correct),
    }  # fmt: skip


def _error(error: _Error) -> dict[str, object]:
    gold, predicted = (span_object(span, sentence) for span, sentence in zip(error.match, error.pair, strict=True))
    return {
        "kind": error.match.kind, "gold": gold, "predicted": predicted,
        "path": error.pair[0].path, "line": error.pair[0].lines[error.match.start], "words": list(error.pair[0].words),
    }  # fmt: skip
