"""The arguments of the commands for several annotators."""

from __future__ import annotations

from argparse import ArgumentParser

from ner_tui.cli import options
from ner_tui.cli.argument_types import names, share, tag_examples


def deal(parser: ArgumentParser) -> None:
    """Add those of ``deal``."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="text or CoNLL file, or a folder of them")
    parser.add_argument("--annotators", type=names, required=True, metavar="A,B,C", help="who gets a project each")
    parser.add_argument("-o", dest="out", required=True, metavar="DIR", help="folder for the projects, or with them")
    parser.add_argument(
        "--overlap", type=share, default=0.0, metavar="P%", help="share of the words that all get (default: 0%%)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the choice: the same S, the same choice")
    parser.add_argument("--labels", metavar="A,B", help="the projects' label set, or a .toml file of it")
    parser.add_argument("--guidelines", metavar="FILE", help="Markdown file that z g shows in each")
    parser.add_argument("--ignore-tags", action="store_true", help="leave a CoNLL file's own tags out")
    options.tags_by_example(parser, tag_examples)
    options.patterns(parser, " in each project")
    options.reading(parser)


def agree(parser: ArgumentParser) -> None:
    """Add those of ``agree``."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="project, dump or file of each annotator, or a file of several; an adjudicated project alone: who was "
        "followed in it, and where each errs",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options.comparing(parser, "confirmed")
    options.column(parser)
    options.reading(parser)


def adjudicate(parser: ArgumentParser) -> None:
    """Add those of ``adjudicate``."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="project, dump or file of each annotator, or a file of several"
    )
    parser.add_argument("--project", required=True, metavar="GOLD", help="project to make; one that is there: go on")
    parser.add_argument("--blind", action="store_true", help="hide who read what")
    parser.add_argument("--annotator", metavar="NAME", help="who decides (default: the login name)")
    options.comparing(parser, "confirmed")
    options.column(parser)
    options.reading(parser)
