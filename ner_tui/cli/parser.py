"""The table of commands, and the arguments of each."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ner_tui import __version__
from ner_tui.cli import comparing_arguments as comparing
from ner_tui.cli import examples, options
from ner_tui.cli import team_arguments as team
from ner_tui.cli import viewing_arguments as viewing
from ner_tui.cli.argument_types import (
    confirmed,
    model_spec,
    names,
    positive,
    probability,
    scheme,
    shard,
    tag_examples,
)
from ner_tui.domain.annotation.suggestions import FLOOR
from ner_tui.domain.printable import printable_lines
from ner_tui.formats import SEPARATORS, WRITERS

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


WORDPIECES = "wordpieces"
"""``predict --to wordpieces``: the listing of the original recipe."""
PATTERNS = "patterns"
"""``export --to patterns``: the strings that are spans, for ``--patterns``."""
_OUT = "file, FOLDER/ (a file for each document), or - (stdout)"


class CommandEntry(NamedTuple):
    """A row of the table of commands."""

    summary: str
    """What it does, in a line."""
    describe: Callable[[ArgumentParser], None]
    """Adds its arguments to a parser; what it is called like is in ``examples``."""


class _Parser(ArgumentParser):
    """Says what is wrong with arguments, which may be names of files that a shell put in, as a terminal may have it."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        super()._print_message(printable_lines(message), file)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse what is not known here, under the name of the command that was asked for."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return known, unknown

    def error(self, message: str) -> NoReturn:
        """End with the reason and the next step, in a line."""
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` says what it takes\n")


def build_parser(command: str | None = None) -> ArgumentParser:
    """Return the parser of ``ner-tui``, or of one of its commands, which takes a tenth of the time."""
    parser: ArgumentParser = _Parser(
        prog="ner-tui",
        description="Review, correct and export named entities in a terminal.",
        epilog="without a command: review what annotations.ner holds, where there is one\n"
        "exit codes: 0 fine, 1 findings, 2 unusable input or arguments",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, entry in COMMANDS.items():
        if command not in COMMANDS or name == command:
            command_parser = commands.add_parser(
                name, help=entry.summary, epilog=examples.epilog(name), formatter_class=RawDescriptionHelpFormatter
            )
            entry.describe(command_parser)
            options.log(command_parser)
    return parser


def _review(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="text or CoNLL file, a folder of them, - for stdin, or a project"
    )
    parser.add_argument("--project", metavar="FILE", help="project file (default: annotations.ner)")
    parser.add_argument("--add", action="store_true", help="add the paths to a project that holds none of them")
    parser.add_argument(
        "--labels", metavar="A,B", help="the project's label set, or a .toml file with names, descriptions and keys"
    )
    parser.add_argument("--guidelines", metavar="FILE", help="Markdown file that z g shows, from now on")
    parser.add_argument("--no-learning", action="store_true", help="suggest what the model says, whatever is decided")
    parser.add_argument("--read-only", action="store_true", help="look at a project that another session has open")
    parser.add_argument("--ignore-tags", action="store_true", help="open a CoNLL file's tokens undecided")
    options.tags_by_example(parser, tag_examples)
    parser.add_argument(
        "--sample",
        type=positive,
        metavar="N",
        help="review N sentences, chosen by chance from all documents: n, p and enter go from one to the next",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the choice: the same S, the same N")
    options.patterns(parser, "; none takes away what they suggested before")
    parser.add_argument("--annotator", metavar="NAME", help="who decides (default: the login name)")
    parser.add_argument("--config", metavar="FILE", help="your keys, theme and name (default: your config.toml)")
    options.model(parser)
    options.reading(parser)


def _predict(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="text or CoNLL file, a folder of them, or - for stdin")
    parser.add_argument("-o", dest="out", default="-", metavar="OUT", help=_OUT)
    parser.add_argument(
        "--shard",
        type=shard,
        metavar="K/N",
        help="label only the K-th of N parts of about a size: joined in order, their outputs are that of the whole",
    )
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="label parts of the files on a Ray cluster, and join them; auto: the one that runs here, or this machine",
    )
    parser.add_argument("--gpus", type=positive, metavar="N", help="with --ray: N workers with a GPU each")
    parser.add_argument(
        "--labels",
        metavar="A,B",
        help="find these alone; a GLiNER finds whatever is named (or a .toml file: it is asked with the descriptions)",
    )
    parser.add_argument(
        "--threshold",
        type=probability,
        metavar="P",
        help=f"leave out what is less probable than P, of a GLiNER what scores less (default: {FLOOR})",
    )
    options.tags_by_example(parser)
    options.patterns(parser, "")
    options.model(parser)
    options.reading(parser)
    options.writing(parser, (*WRITERS, WORDPIECES), separator="space")


def _export(parser: ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", help="project file")
    parser.add_argument("-o", dest="out", default="-", metavar="OUT", help=_OUT)
    parser.add_argument(
        "--only",
        type=confirmed,
        choices=["confirmed"],
        help="confirmed: only the sentences that a person confirmed (reviewed means the same)",
    )
    options.suggestions(parser, "write open suggestions like decisions")
    options.writing(parser, (*WRITERS, PATTERNS), "a file with tags as it was opened, corrected; else ")
    options.compression(parser)


def _convert(parser: ArgumentParser) -> None:
    parser.description = (
        "Without --to, --scheme and --sep the file is written byte for byte; without --to, only tags or "
    )
    parser.description += "separators change."
    parser.add_argument("path", metavar="IN", help="file, or - for stdin")
    parser.add_argument("-o", dest="out", required=True, metavar="OUT", help=_OUT)
    parser.add_argument("--to", choices=WRITERS, metavar="FMT", help=f"one of {', '.join(WRITERS)} (default: the same)")
    parser.add_argument("--scheme", type=scheme, help=f"{options.SCHEME_NAMES} (default: that of the input)")
    parser.add_argument("--sep", choices=sorted(SEPARATORS), help="between columns (default: as in the input)")
    options.column(parser)
    options.suggestions(parser, "write suggestions also where the format cannot tell them from decisions")
    parser.add_argument(
        "--on-loss",
        choices=["fail", "warn"],
        default="fail",
        help="what to do where something cannot be represented: write nothing (fail, exit code 1), or write the rest",
    )
    options.reading(parser)


def _info(parser: ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", help="project file")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _backup(parser: ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", help="project file")
    parser.add_argument("-o", dest="out", required=True, metavar="FILE", help="the copy, which is a project too")


def _dump(parser: ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", help="project file")
    parser.add_argument("-o", dest="out", default="-", metavar="OUT", help="file, or - for stdout")
    options.compression(parser)


def _merge(parser: ArgumentParser) -> None:
    parser.add_argument("base", metavar="BASE", help="the dump that both come from; may be empty (%%O)")
    parser.add_argument("ours", metavar="OURS", help="the dump that is merged into (%%A)")
    parser.add_argument("theirs", metavar="THEIRS", help="the other dump (%%B)")
    parser.add_argument("-o", dest="out", metavar="OUT", help="where to write (default: OURS)")


def _load(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="what dump wrote, or - for stdin")
    parser.add_argument("--project", required=True, metavar="NEW", help="the project file to make")
    options.compression(parser)


def _train(parser: ArgumentParser) -> None:
    parser.add_argument(
        "data", nargs="+", metavar="DATA", help="annotated files, folders of them, projects (.ner), or a recipe (.toml)"
    )
    parser.add_argument(
        "--base",
        type=model_spec,
        required=True,
        metavar="SPEC",
        help="encoder or checkpoint: a folder, a hub name, bundled, or fast",
    )
    options.allow_pickle(parser)
    parser.add_argument("-o", dest="out", required=True, metavar="DIR", help="folder for the checkpoint")
    parser.add_argument("--data", dest="folder", default=".", metavar="DIR", help="where a recipe's files are")
    parser.add_argument(
        "--teacher-cache", metavar="DIR", help="where to keep what a recipe's teachers say, for other runs"
    )
    parser.add_argument(
        "--dev", action="append", default=[], metavar="FILE", help="file or project to measure and calibrate on"
    )
    options.tags_by_example(parser)
    parser.add_argument("--labels", type=names, metavar="A,B", help="labels to learn (default: those of the data)")
    parser.add_argument("--epochs", type=positive, metavar="N", help="times over the data (default: 3)")
    parser.add_argument(
        "--patience", type=positive, metavar="N", help="end after N epochs that brought no better F1 on --dev"
    )
    parser.add_argument("--learning-rate", type=float, metavar="X", help="highest learning rate (default: 5e-5)")
    parser.add_argument("--letter-shapes", action="store_true", help="feed letter case to an encoder that lower-cases")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of everything random (default: 1)")


def _models(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    add = actions.add_parser("add", help="turn a checkpoint into int8 ONNX, once; --model SPEC then uses that")
    add.add_argument("spec", type=model_spec, metavar="SPEC", help="checkpoint folder or hub name")
    add.add_argument("--text", metavar="FILE", help="compare its tags with those of fp32 on this text")
    options.allow_pickle(add)
    remove = actions.add_parser("remove", help="delete a checkpoint's fast copy")
    remove.add_argument("spec", type=model_spec, metavar="SPEC", help="checkpoint folder or hub name")
    info = actions.add_parser("info", help="what a model is: its labels, precision, and how it reads")
    info.add_argument("spec", type=model_spec, metavar="SPEC", help="as for --model")
    options.allow_pickle(info)
    for action in (add, remove, info):  # without SUPPRESS its default would undo a --json that stands before the action
        action.add_argument("--json", action="store_true", default=SUPPRESS, help="one JSON object")
        options.log(action, SUPPRESS)


COMMANDS: Mapping[str, CommandEntry] = {
    "review": CommandEntry("correct entities in the terminal", _review),
    "serve": CommandEntry("review in a browser on this computer, for a person without a terminal", viewing.serve),
    "predict": CommandEntry("label files with a model, to CoNLL or JSON Lines", _predict),
    "export": CommandEntry("write what is decided in a project", _export),
    "report": CommandEntry("a project as one page of HTML, for people who only look", viewing.report),
    "convert": CommandEntry("write a file in another format, or the same file in another scheme", _convert),
    "score": CommandEntry("how predictions compare with gold annotations of the same words", comparing.score),
    "diff": CommandEntry("where two annotations of the same words differ; exit code 1 if they do", comparing.diff),
    "audit": CommandEntry("where gold annotations may be wrong, the likeliest errors first", comparing.audit),
    "deal": CommandEntry("deal documents to several annotators, a project for each", team.deal),
    "agree": CommandEntry("how well several annotators of the same texts agree", team.agree),
    "adjudicate": CommandEntry("settle what several annotators differ in, in a project of its own", team.adjudicate),
    "check": CommandEntry(
        "what is wrong in files, with file:line, or in a project; exit code 1 if anything is", comparing.check
    ),
    "info": CommandEntry("what a project holds and how far it is", _info),
    "backup": CommandEntry("copy a project, also while it is open", _backup),
    "dump": CommandEntry("a project's texts and decisions as JSON Lines, for git", _dump),
    "merge": CommandEntry("merge dumps in git, sentence by sentence; exit code 1 where they conflict", _merge),
    "load": CommandEntry("make a project of a dump", _load),
    "train": CommandEntry("fine-tune a checkpoint on annotated files or projects and export it to ONNX", _train),
    "models": CommandEntry("which models can be used here; make fast copies of checkpoints", _models),
    "completion": CommandEntry("what completes commands and options in a shell", viewing.completion),
}
"""Command by its name, which is that of its module in this package."""
