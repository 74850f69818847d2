"""``ner-tui agree``: how well several annotations of the same texts agree."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ner_tui.cli.printing import Printer, as_json, tell
from ner_tui.domain.counting import counted
from ner_tui.errors import InputError
from ner_tui.formats.files.paths import require_there

if TYPE_CHECKING:
    from ner_tui.domain.evaluation.agreement_figures import (
        AgreementFigures,
        Figure,
        JointFigures,
        PairAgreement,
        PairFigures,
    )
    from ner_tui.domain.evaluation.labelled_texts import SharedTexts
    from ner_tui.session.team.aligning import Unplaced
    from ner_tui.session.team.sides import Side, SideOptions

_LISTED = 10
"""Rows of a table of places that are many."""
_PAIR = ("f1", "f1_unlabelled", "f1_overlap", "kappa")
_JOINT = ("fleiss", "alpha", "alpha_spans")


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.domain.evaluation.agreeing import agreement
    from ner_tui.domain.evaluation.labelled_texts import in_common, shared_texts
    from ner_tui.session.team.adjudicating import nothing_in_common
    from ner_tui.session.team.aligning import align
    from ner_tui.session.team.sides import read_sides, require_several

    require_there(*arguments.paths)
    if len(arguments.paths) == 1:
        from ner_tui.cli.agree_gold import following_of, show_following

        if (found_in_gold := following_of(arguments.paths[0])) is not None:
            show_following(arguments.paths[0], found_in_gold, as_object=arguments.json)
            return 0
    numbers: dict[str, int] = {}
    sides = read_sides(arguments.paths, side_options(arguments), numbers)
    labels = tuple(numbers)
    require_several(sides)
    for side in sides:
        for sentence in side.told:
            tell(sentence)
    lost = align(sides)
    for each in lost[:_LISTED]:
        tell(each.described(labels))
    if len(lost) > _LISTED:
        tell(f"and {len(lost) - _LISTED:,} more spans without a place in {sides[0].path}")
    documents = in_common([side.texts for side in sides])
    if not documents:
        raise nothing_in_common(sides[0].path, sides[1].path)
    texts = shared_texts(documents)
    if not texts.words:
        raise InputError(
            f"of {counted(texts.of_words, 'word')} that all have, none is confirmed on every side: "
            "confirm some, or say --sentences all"
        )
    found = agreement(texts, labels)
    if arguments.json:
        print(as_json(_object(sides, texts, found, lost, labels)))
    else:
        _show(sides, texts, found, Printer())
    return 0


def side_options(arguments: Namespace) -> SideOptions:
    """Return how the sides are to be read."""
    from ner_tui.session.team.sides import SideOptions

    return SideOptions(
        arguments.from_,
        arguments.encoding,
        arguments.names,
        arguments.column,
        arguments.text,
        arguments.tags_as,
        arguments.with_suggestions,
        arguments.sentences != "all",
    )


def _share(sides: list[Side], texts: SharedTexts) -> str:
    """Return which part of the texts was compared."""
    words = f"{texts.words:,} of {counted(texts.of_words, 'word')} ({texts.words / max(texts.of_words, 1):.1%})"
    number = len(texts.sentence_ends)
    sentences = f"{number:,} of {counted(texts.of_sentences, 'sentence')}"
    told = f"compared: {sentences}, {words}, in {counted(len(texts.names), 'document')} that all have"
    left = {side.annotator: len(side.texts) - len(texts.names) for side in sides}
    if any(left.values()):
        told += "; left out: " + ", ".join(f"{number:,} of {name}" for name, number in left.items() if number)
    if any(side.is_project for side in sides) and texts.words < texts.of_words:
        told += "; what is not confirmed in every project does not count (--sentences all counts it)"
    if texts.recut:
        told += f"; {counted(texts.recut, 'document')} cut into words in several ways: a word is what nobody cuts"
    return told


def _show(sides: list[Side], texts: SharedTexts, found: AgreementFigures, printer: Printer) -> None:
    printer.line(_share(sides, texts))
    if found.resampled:
        printer.line(f"in brackets: 95 % intervals, of resampled {found.resampled}")
    names = [side.annotator for side in sides]
    for side, spans in zip(sides, found.spans, strict=True):
        printer.line(f"{side.annotator}: {counted(sum(spans.values()), 'span')}")
    headers = ("label", "Fleiss' kappa", "alpha over words", "alpha over spans", "differ")
    differ = sum(each.differences for each in found.pairs)
    rows: list[tuple[str, ...]] = [("all", *_cells(found.joint, _JOINT), f"{differ:,}")]
    by_label = sorted(found.labels.items(), key=lambda each: each[1].alpha.value or 0)
    rows += [(name, *_cells(each, _JOINT), f"{found.differences.get(name, 0):,}") for name, each in by_label]
    printer.table("All together, the label that agrees least first", headers, rows)
    of_pairs = ("A", "B", "F1", "F1 without labels", "F1 overlapping", "Cohen's kappa")
    printer.table("Pairs", of_pairs, [(*_names(each, names), *_cells(each.figures, _PAIR)) for each in found.pairs])
    for each in found.pairs:
        one, other = _names(each, names)
        if differing := _differing(each):
            places = [(*pair, f"{number:,}") for pair, number in differing[:_LISTED]]
            printer.table(f"Where {one} and {other} differ", (one, other, "spans"), places)
    if found.documents:
        headers = ("document", "words", "differ", "alpha", "alpha of the rest")
        worst = [
            (each.name, f"{each.words:,}", f"{each.differences:,}", _number(each.alpha), _number(each.alpha_without))
            for each in found.documents[:_LISTED]
        ]
        printer.table("Documents that pull it down", headers, worst)


def _differing(pair: PairAgreement) -> list[tuple[tuple[str, str], int]]:
    """Return what two annotators call the same places, as it is shown, the most frequent first."""
    other = [(labels, number) for labels, number in pair.confusion.items() if labels[0] != labels[1]]
    found = [((ours or "–", theirs or "–"), number) for (ours, theirs), number in other]
    found += [((label, f"{label}, other boundaries"), number) for label, number in pair.boundaries.items()]
    return sorted(found, key=lambda each: -each[1])


def _names(pair: PairAgreement, names: list[str]) -> tuple[str, str]:
    return names[pair.one], names[pair.other]


def _cells(figures: PairFigures | JointFigures, fields: Iterable[str]) -> list[str]:
    return [_cell(getattr(figures, name)) for name in fields]


def _cell(figure: Figure) -> str:
    if figure.low is None:
        return _number(figure.value)
    return f"{_number(figure.value)} [{figure.low:.3f}, {figure.high:.3f}]"


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"


def _object(
    sides: list[Side], texts: SharedTexts, found: AgreementFigures, lost: list[Unplaced], labels: tuple[str, ...]
) -> dict[str, object]:
    names = [side.annotator for side in sides]
    return {
        "annotators": [
            {"name": side.annotator, "path": side.path, "spans": sum(spans.values()), "labels": spans}
            for side, spans in zip(sides, found.spans, strict=True)
        ],
        "documents": len(texts.names),
        "sentences": len(texts.sentence_ends),
        "of_sentences": texts.of_sentences,
        "words": texts.words,
        "of_words": texts.of_words,
        "not_placed": [each.described(labels) for each in lost],
        **_values(found.joint, _JOINT),
        "per_label": {name: _values(each, _JOINT) for name, each in found.labels.items()},
        "intervals_of": found.resampled,
        "pairs": [
            {
                "a": names[each.one],
                "b": names[each.other],
                **_values(each.figures, _PAIR),
                "per_label": {name: _values(figures, _PAIR) for name, figures in each.labels.items()},
                "confusion": [
                    {"a": ours or None, "b": theirs or None, "number": number}
                    for (ours, theirs), number in each.confusion.most_common()
                ],
                "boundaries": dict(each.boundaries),
            }
            for each in found.pairs
        ],
        "differences": found.differences,
        "worst_documents": [
            {
                "name": each.name, "words": each.words, "differences": each.differences, "alpha": each.alpha,
                "alpha_without": each.alpha_without,
            }
            for each in found.documents
        ],
    }  # fmt: skip


def _values(figures: PairFigures | JointFigures, fields: Iterable[str]) -> Mapping[str, object]:
    """Return the figures, and their intervals as far as there are any."""
    present = {name: figure for name in fields if (figure := getattr(figures, name)) is not None}
    intervals = {name: [each.low, each.high] for name, each in present.items() if each.low is not None}
    return {**{name: each.value for name, each in present.items()}, **({"intervals": intervals} if intervals else {})}
