"""The arguments of commands that show something elsewhere than in the terminal, and of that for shells."""

from __future__ import annotations

from argparse import ArgumentParser

from ner_tui.cli.argument_types import model_spec, number

SHELLS = ("bash", "zsh", "fish")


def serve(parser: ArgumentParser) -> None:
    """Add those of ``serve``."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="text or CoNLL file, a folder of them, or a project")
    parser.add_argument("--port", type=number, metavar="N", help="of this computer (default: a free one)")
    parser.add_argument(
        "--behind-proxy",
        action="store_true",
        help="a proxy with TLS and passwords passes requests on: answer to the name that it has",
    )
    parser.add_argument("--no-open", dest="open", action="store_false", help="print the address, and open no browser")
    parser.add_argument("--project", metavar="FILE", help="project file (default: annotations.ner)")
    parser.add_argument("--labels", metavar="A,B", help="as for review")
    parser.add_argument("--guidelines", metavar="FILE", help="as for review")
    parser.add_argument("--no-learning", action="store_true", help="suggest what the model says, whatever is decided")
    parser.add_argument("--annotator", metavar="NAME", help="who decides (default: the login name)")
    parser.add_argument("--config", metavar="FILE", help="keys, theme and name (default: your config.toml)")
    parser.add_argument("--model", type=model_spec, metavar="SPEC", help="as for review")
    parser.add_argument("--map", metavar="A=B,C=", help="as for review")


def report(parser: ArgumentParser) -> None:
    """Add those of ``report``."""
    parser.add_argument("project", metavar="PROJECT", help="project file")
    parser.add_argument("-o", dest="out", default="-", metavar="FILE.html", help="file, or - for stdout")


def completion(parser: ArgumentParser) -> None:
    """Add those of ``completion``."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
