"""Options that commands share, in groups."""

from __future__ import annotations

from argparse import ArgumentParser, _ActionsContainer
from collections.abc import Callable

from ner_tui.cli.argument_types import model_spec, names, scheme, tag_names, tags_as
from ner_tui.domain.schemes import SCHEMES
from ner_tui.formats import COMPRESSIONS, READERS, SEPARATORS

SCHEME_NAMES = ", ".join(SCHEMES)


def log(parser: ArgumentParser, default: str | None = None) -> None:
    """Add what is logged of a run."""
    group = parser.add_argument_group("log")
    told = "log what a report of a fault needs, without text"
    group.add_argument("--log", default=default, metavar="FILE", help=told)
    told = "with texts and names of files in it"
    group.add_argument("--log-text", action="store_true", default=default or False, help=told)


def model(parser: ArgumentParser) -> None:
    """Add which model suggests, and how it is read."""
    group = parser.add_argument_group("model")
    told = (
        "folder or hub name of a checkpoint or a GLiNER, a project and what was decided there, bundled, fast "
        "(smaller), or none (default: bundled)"
    )
    group.add_argument("--model", type=model_spec, metavar="SPEC", help=told)
    group.add_argument("--model-tags", type=names, metavar="O,B-PER,…", help="tags of a model that has none, by id")
    group.add_argument("--map", metavar="A=B,C=", help="the model's labels in the project's words; C= drops C")
    group.add_argument(
        "--context",
        choices=["document", "sentence"],
        help="predict on windows of sentences (document, the default) or each sentence on its own (tweets)",
    )
    group.add_argument(
        "--trained-on",
        choices=["words", "text"],
        help="what a model with a byte-level or sentence-piece vocabulary was trained on: words split before, or "
        "running text (default: what its files say; where that is a guess, it is told)",
    )
    allow_pickle(group)


def patterns(parser: ArgumentParser, told: str) -> None:
    """Add the files whose patterns suggest; ``told`` ends the help."""
    group = parser.add_argument_group("patterns")
    group.add_argument(
        "--patterns",
        action="append",
        metavar="FILE",
        help=f"suggest what these match: spaCy's patterns.jsonl, a .csv of terms and labels, a list of terms{told}",
    )
    group.add_argument(
        "--label",
        dest="pattern_labels",
        action="append",
        default=[],
        metavar="LABEL",
        help="the label of a list of terms; of several lists, one for all or one for each in order",
    )


def allow_pickle(parser: _ActionsContainer) -> None:
    """Add the leave to load weights that can run code."""
    parser.add_argument("--allow-pickle", action="store_true", help="load pickled weights, which can run any code")


def reading(parser: ArgumentParser) -> None:
    """Add how files are read."""
    group = parser.add_argument_group("reading")
    group.add_argument("--from", dest="from_", choices=READERS, metavar="FMT", help=f"one of {', '.join(READERS)}")
    group.add_argument("--encoding", metavar="ENC", help="encoding of the files; auto: it is found (default: utf-8)")
    told = "the names of tags that are numbers, in order, or a file with one a line"
    group.add_argument("--names", type=tag_names, default=(), metavar="FILE|A,B,C", help=told)
    group.add_argument("--text", metavar="COLUMN", help="of a table, where the texts are: the column's name or number")
    compression(parser)


def compression(parser: ArgumentParser) -> None:
    """Add how standard input and output are packed."""
    parser.add_argument("--compression", choices=COMPRESSIONS, help="of - (stdin, stdout); files tell theirs by suffix")


def comparing(parser: ArgumentParser, default: str = "of two projects confirmed") -> None:
    """Add what of projects is compared; ``default`` says which sentences if nobody does."""
    group = parser.add_argument_group("projects")
    group.add_argument(
        "--sentences",
        choices=["confirmed", "all"],
        help=f"which to compare: those that are confirmed in each project, or all (default: {default})",
    )
    suggestions(group, "take open suggestions for decisions")


def suggestions(parser: _ActionsContainer, told: str) -> None:
    """Add what open suggestions count as, as ``told``."""
    parser.add_argument("--with-suggestions", action="store_true", help=told)


def column(parser: ArgumentParser) -> None:
    """Add where the tags are, and how they are written."""
    parser.add_argument("--column", metavar="N", help="where the tags are: number or name of a column, or key in MISC")
    tags_by_example(parser)


def tags_by_example(parser: ArgumentParser, kind: Callable[[str], object] = tags_as) -> None:
    """Add how tags are written; ``kind`` is what the value is made of."""
    told = "how tags are written, by example, where there are two ways to read them; PER,O: without prefixes"
    parser.add_argument("--tags-as", type=kind, metavar="B_PER,O", help=told)


def writing(parser: ArgumentParser, formats: tuple[str, ...], same: str = "", separator: str | None = None) -> None:
    """Add the options of what is written.

    Args:
        same: what else than the name decides on the format, as the beginning of a list.
        separator: between columns where nobody says; None: as in the input.
    """
    group = parser.add_argument_group("writing")
    told = f"one of {', '.join(formats)} (default: {same}what the name of the output stands for, else conll)"
    group.add_argument("--to", choices=formats, metavar="FMT", help=told)
    group.add_argument("--scheme", type=scheme, help=f"{SCHEME_NAMES} (default: that of the files, or iob2)")
    told = "between columns (default: space)"
    group.add_argument("--sep", choices=sorted(SEPARATORS), default=separator, help=told)
