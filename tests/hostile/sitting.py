"""A session in a process of its own: not a fork, which would have the locks of the threads that run beside a test."""

from __future__ import annotations

import sys

from ner_tui.errors import ProjectError
from ner_tui.session import SessionOptions, open_session
from ner_tui.store.file import kept_log


def label_what_is_told(project: str, *files: str) -> None:
    """Sit at a project: answer a number by labelling that word, ``leave`` by leaving."""
    session = open_session(list(files), SessionOptions(project=project, annotator="a"))
    tokens = [session.document.tokens[at] for at in range(len(session.document.tokens))]
    print("open", flush=True)
    for line in sys.stdin:
        if line == "leave\n":
            session.close()
            print(session.misplaced or "left", flush=True)
            return
        try:
            start, end = tokens[int(line)]
            session.corrections.label(start, end, "PER", cursor=start)
            print("done", flush=True)
        except ProjectError as refused:
            print(refused, flush=True)


def keep_sitting(at: int) -> None:
    """Open a project, label three words from ``at`` on, leave, and begin again."""
    while True:
        session = open_session([], SessionOptions(project="p.ner", annotator="a"))
        for _ in range(3):
            start, end = session.document.tokens[at]
            session.corrections.label(start, end, "PER", cursor=start)
            print(at, flush=True)
            at += 1
        session.close()


if __name__ == "__main__":
    what, limit, *arguments = sys.argv[1:]
    kept_log._LIMIT = int(limit)
    if what == "keep":
        keep_sitting(int(arguments[0]))
    else:
        label_what_is_told(*arguments)
