"""The card of the first start: the signs and the commonest keys; also the first screen of the help."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from ner_tui.app.keymap import Command, first_key

_SIGNS = (
    ("solid block", "decided: by the file or by you"),
    ("underlined, ?", "suggested by the model, with its probability"),
    ("twice, ??", "doubtful: keys that confirm leave it to you"),
    ("≠", "the model differs from what is decided"),
    ("○ ◐ ●", "nothing done yet, in progress, confirmed"),
    ("▌", "the sentence you are in; ¹ ² are keys of labels"),
)
_KEYS = (
    (("sentence.confirm",), "accept the rest of the sentence and go on"),
    (("move.next-doubt", "move.previous-doubt"), "next, previous doubtful place"),
    (("span.accept", "span.remove"), "accept it, remove it"),
    (("label.1", "label.9"), "label what is under the cursor, or selected"),
    (("span.extend-right", "span.shrink-right"), "a word more or less at the right; E S at the left"),
    (("select.start",), "select with the arrow keys, as the mouse does"),
    (("edit.undo",), "undo, any number of times; all is saved at once"),
    (("find.start", "fix.all"), "find; label all that are written alike"),
    (("queue.open",), "list what is doubtful, and why"),
    (("project.export", "app.quit"), "export to a file, quit"),
)
_SETTLES = "take a reading where annotators differ, 0 none"
"""What the keys of labels do in a project in which a person chooses between readings."""
_CELLS = 16


def card(commands: Iterable[Command], *, settles: bool = False) -> Content:
    """Return the signs, and the keys of ``commands`` that do most of the work, in as many lines as 24 rows take.

    Args:
        settles: whether there are readings of several annotators to choose from.
    """
    commands = tuple(commands)
    parts = [Content.styled("What you see\n", "bold")]
    parts += [Content(f"  {sign:<{_CELLS}}{words}\n") for sign, words in _SIGNS]
    parts.append(Content.styled("What you press\n", "bold"))
    for ids, usual in _KEYS:
        words = _SETTLES if settles and "label.1" in ids else usual
        keys = " ".join(key for each in ids if (key := _key(commands, each)))
        if keys:
            parts.append(Content(f"  {keys.replace('1 9', '1 … 9'):<{_CELLS}}{words}\n"))
    return Content("").join(parts).rstrip()


def _key(commands: tuple[Command, ...], command: str) -> str:
    key = first_key(commands, command)
    # Of several keys the one is named that stands on the keyboard for it.
    return {"c": "⏎", "F": "/"}.get(key, key) if command in ("sentence.confirm", "find.start") else key


class FirstCard(Static):
    """Lies on the text until a key comes."""

    def __init__(self, commands: Iterable[Command], *, settles: bool = False) -> None:
        super().__init__(card(commands, settles=settles), id="first-card", markup=False)
        self.border_title = Content("ner-tui")
        self.border_subtitle = Content("press any key · ? shows this again")
