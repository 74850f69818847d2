"""The arguments of the commands that compare annotations, or hold them against something."""

from __future__ import annotations

from argparse import ArgumentParser

from ner_tui.cli import options
from ner_tui.cli.argument_types import names, number, probability, scheme


def score(parser: ArgumentParser) -> None:
    """Add those of ``score``."""
    parser.add_argument("gold", metavar="GOLD", help="file or project")
    parser.add_argument(
        "predicted", nargs="?", metavar="PRED", help="file or project; none: GOLD has both, PRED in --column"
    )
    parser.add_argument("--gold-column", metavar="N", help="where the gold tags are (default: as --column)")
    parser.add_argument("--strict", action="store_true", help="count only spans that are legal in the scheme")
    parser.add_argument(
        "--scheme", type=scheme, help=f"of the tags: {options.SCHEME_NAMES} (default: inferred, for each file)"
    )
    parser.add_argument("--errors", type=number, default=20, metavar="N", help="list the first N errors (default: 20)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options.comparing(parser)
    options.column(parser)
    options.reading(parser)


def diff(parser: ArgumentParser) -> None:
    """Add those of ``diff``."""
    parser.add_argument("a", metavar="A", help="file or project")
    parser.add_argument("b", metavar="B", help="file or project")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options.comparing(parser)
    options.column(parser)
    options.reading(parser)


def audit(parser: ArgumentParser) -> None:
    """Add those of ``audit``."""
    parser.add_argument("gold", metavar="GOLD", help="annotated file, - for stdin, or a project")
    parser.add_argument("-o", dest="out", default="-", metavar="OUT", help="file, or - for stdout")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, the likeliest error first")
    parser.add_argument(
        "--at-least",
        type=probability,
        default=0.05,
        metavar="P",
        help="leave out what is a less probable error; exit code 1 if any is left (default: 0.05)",
    )
    parser.add_argument(
        "--project",
        metavar="FILE",
        help="keep what is found in this project of GOLD, which is made if there is none, to go through it there",
    )
    options.suggestions(parser, "of a project, take open suggestions for decisions")
    options.column(parser)
    options.model(parser)
    options.reading(parser)


def check(parser: ArgumentParser) -> None:
    """Add those of ``check``."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file, folder of files, - for stdin, or a project")
    parser.add_argument(
        "--scheme", type=scheme, help=f"held against the tags: {options.SCHEME_NAMES} (default: inferred)"
    )
    parser.add_argument("--labels", type=names, metavar="A,B", help="the labels there may be (default: any)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--repair",
        choices=["conlleval", "discard"],
        help="write a copy with legal tags: begin the span where it starts (conlleval), or drop it (discard)",
    )
    parser.add_argument("-o", dest="out", metavar="OUT", help="the repaired copy, or the rebuilt project")
    parser.add_argument("--rebuild", action="store_true", help="make a project again from its sources and its journal")
    options.column(parser)
    options.reading(parser)
