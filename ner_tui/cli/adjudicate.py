"""``ner-tui adjudicate``: settle what several annotators differ in."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from ner_tui.cli.agree import side_options
from ner_tui.cli.printing import tell
from ner_tui.formats.files.paths import require_there

_LISTED = 10
"""Spans without a place that are told one by one."""


def run(arguments: Namespace) -> int:
    """Run the command."""
    target = Path(arguments.project)
    if target.exists():
        tell(f"{target} is there already, and gone on with: what is in the annotators' files now is not read again")
    else:
        _make(arguments, target)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        tell(f"settle the conflicts in a terminal: ner-tui review {target}")
        return 0
    from ner_tui.cli import review
    from ner_tui.cli.parser import build_parser

    told = ["--annotator", arguments.annotator] if arguments.annotator else []
    # A name that begins like an option is a file all the same.
    return review.run(build_parser("review").parse_args(["review", *told, "--project", str(target)]))


def _make(arguments: Namespace, target: Path) -> None:
    from ner_tui.session.team.adjudicating import adjudicate

    require_there(*arguments.paths)
    report = adjudicate(arguments.paths, side_options(arguments), target, blind=arguments.blind)
    for sentence in report.told:
        tell(sentence)
    for each in report.not_placed[:_LISTED]:
        tell(each)
    if len(report.not_placed) > _LISTED:
        tell(f"and {len(report.not_placed) - _LISTED:,} more spans without a place")
    tell(str(report))
