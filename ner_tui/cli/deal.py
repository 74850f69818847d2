"""``ner-tui deal``: documents to several annotators, a project for each."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ner_tui.cli.printing import Printer, tell
from ner_tui.domain.counting import counted


def run(arguments: Namespace) -> int:
    """Run the command."""
    from ner_tui.config.labels import label_set
    from ner_tui.domain.labels import LabelSet
    from ner_tui.patterns.reading import read_patterns, with_labels
    from ner_tui.session.opening import SessionOptions
    from ner_tui.session.team.dealing import deal
    from ner_tui.session.transfer.adding import ReadOptions

    patterns = None
    if arguments.patterns or arguments.pattern_labels:
        patterns = with_labels(arguments.patterns or (), arguments.pattern_labels)
        read_patterns(patterns)
    reading = ReadOptions(
        arguments.from_,
        arguments.encoding,
        arguments.ignore_tags,
        tuple(arguments.names),
        arguments.text,
        tuple(arguments.tags_as or ()),
    )
    options = SessionOptions(
        labels=label_set(arguments.labels) if arguments.labels is not None else LabelSet(),
        guidelines=arguments.guidelines,
        patterns=patterns,
        read=reading,
    )
    folder = Path(arguments.out)
    hands = deal(arguments.paths, arguments.annotators, folder, arguments.overlap, options, arguments.seed, tell)
    headers = ("annotator", "documents", "words", "of them shared", "new documents")
    rows = [
        (each.annotator, f"{each.documents:,}", f"{each.words:,}", f"{each.shared:,}", f"{each.new_documents:,}")
        for each in hands
    ]
    printer = Printer()
    for each in hands:
        printer.line(f"{each.annotator}: {each.project}")
    printer.table("Dealt", headers, rows)
    if without := [each.annotator for each in hands if not each.documents]:
        tell(
            f"{', '.join(without)} got no document: one goes whole to one person or to all, and there are too few for "
            f"{counted(len(hands), 'annotator')}; deal more files with the same command, or name fewer annotators"
        )
    if not any(each.new_documents for each in hands):
        tell("nothing new: everybody has the documents already")
    else:
        some = next(each for each in hands if each.documents)
        tell(f"each works with: ner-tui review {some.project}")
    return 0
