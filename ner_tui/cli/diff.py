"""``ner-tui diff``: where two annotations of the same words differ, and how well they agree."""

from __future__ import annotations

from argparse import Namespace

from ner_tui.cli.annotations import ComparedPairs, in_context, open_annotation, quoted, span_object
from ner_tui.cli.printing import Printer, json_object
from ner_tui.domain.evaluation.comparing import Comparison
from ner_tui.domain.evaluation.matching import Match, MatchKind
from ner_tui.domain.evaluation.sentence_pairs import SentencePair
from ner_tui.formats.files.paths import require_there

_SIGNS: dict[MatchKind, str] = {"missed": "-", "spurious": "+", "label": "~", "boundaries": "~", "both": "~"}
_STYLES = {"-": "red", "+": "green", "~": "yellow"}
_NAMES: dict[MatchKind, str] = {
    "missed": "only in A", "spurious": "only in B", "label": "other label", "boundaries": "other boundaries",
    "both": "other label and boundaries",
}  # fmt: skip


def run(arguments: Namespace) -> int:
    """Run the command."""
    require_there(arguments.a, arguments.b)
    comparison, printer = Comparison(), Printer()
    with (
        open_annotation(arguments.a, arguments) as one,
        open_annotation(arguments.b, arguments) as other,
        json_object("differences") as result,
    ):
        pairs = ComparedPairs(one, other, arguments.sentences)
        for pair in pairs:
            for match in comparison.add(pair[0].spans, pair[1].spans, len(pair[0].words)):
                if arguments.json:
                    result.add(_object(match, pair))
                else:
                    sign = _SIGNS[match.kind]
                    printer.line(f"{sign} {_described(match, pair)}", _STYLES[sign])
        if arguments.json:
            result.print({"a": one.path, "b": other.path, **pairs.facts(), **_agreement(comparison)})
        else:
            _show(comparison, (one.path, other.path), str(pairs), printer)
    return 1 if comparison.differences else 0


def _described(match: Match, pair: SentencePair) -> str:
    sentence = pair[0] if match.gold else pair[1]
    one, other = (f"{span.label} {quoted(sentence, span.start, span.end)}" if span else "" for span in match)
    if match.kind == "label" and match.predicted:
        other = match.predicted.label
    what = f"{one} → {other}" if one and other else one or other
    return f"{sentence.place(match.start)}: {what}: {in_context(sentence, match.start, match.end)}"


def _show(comparison: Comparison, names: tuple[str, str], compared: str, printer: Printer) -> None:
    one, other = comparison.spans
    if comparison.differences:
        printer.line("")
    if compared:
        printer.line(compared)
    printer.line(f"A {names[0]}: {one:,} spans; B {names[1]}: {other:,}")
    counts = ", ".join(f"{comparison.kinds[kind]:,} {name}" for kind, name in _NAMES.items() if comparison.kinds[kind])
    printer.line(f"{comparison.kinds['correct']:,} the same" + (f", {counts}" if counts else ""))
    printer.line(
        f"F1 over spans {_figure(comparison.f1)}; Cohen's kappa over words {_figure(comparison.kappa)}, "
        f"over those in a span {_figure(comparison.kappa_labelled)}"
    )


def _figure(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"


def _agreement(comparison: Comparison) -> dict[str, object]:
    return {
        "sentences": comparison.sentences,
        "words": comparison.words,
        "spans": {"a": comparison.spans[0], "b": comparison.spans[1]},
        "same": comparison.kinds["correct"],
        **{name.replace(" ", "_").lower(): comparison.kinds[kind] for kind, name in _NAMES.items()},
        "f1": comparison.f1,
        "kappa": comparison.kappa,
        "kappa_labelled": comparison.kappa_labelled,
    }


def _object(match: Match, pair: SentencePair) -> dict[str, object]:
    one, other = (span_object(span, sentence) for span, sentence in zip(match, pair, strict=True))
    return {
        "kind": _NAMES[match.kind], "a": one, "b": other, "text": pair[0].stretch(match.start, match.end),
    }  # fmt: skip
