"""The keys: one table of every action of the review screen, its keys, and what it does.

The ids are public: the help, the command palette and the documentation use them. No key is a chord that terminals
cannot tell apart, and every action has a letter or a digit. Labels have the digits 1 to 9.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do on the review screen."""

    id: str
    """Public name, such as ``span.accept``."""
    keys: str
    """Keys in Textual's spelling, separated by commas; ``z s`` is s after z."""
    action: str
    """The screen's action that it runs."""
    description: str
    """What it does, in a few words."""
    group: str
    """Heading it stands under in the help."""


COMMANDS = (
    Command("move.right", "l,right", "move_token(1)", "next token", "Move"),
    Command("move.left", "h,left", "move_token(-1)", "previous token", "Move"),
    Command("move.down", "j,down", "move_row(1)", "a line down", "Move"),
    Command("move.up", "k,up", "move_row(-1)", "a line up", "Move"),
    Command("move.line-start", "0,home,circumflex_accent", "move_edge(-1)", "start of the line", "Move"),
    Command("move.line-end", "end,dollar_sign,z e", "move_edge(1)", "end of the line", "Move"),
    Command("move.page-down", "J,pagedown,ctrl+f", "move_page(1)", "a page down", "Move"),
    Command("move.page-up", "K,pageup,ctrl+b", "move_page(-1)", "a page up", "Move"),
    Command("move.top", "g,ctrl+home", "move_end(-1)", "start of the document", "Move"),
    Command("move.bottom", "G,ctrl+end", "move_end(1)", "end of the document", "Move"),
    Command("move.next-span", "w,tab", "move_mark(1)", "next entity", "Move"),
    Command("move.previous-span", "b,shift+tab", "move_mark(-1)", "previous entity", "Move"),
    Command("move.next-doubt", "n", "move_doubt(1)", "next doubtful suggestion, in any document", "Move"),
    Command("move.previous-doubt", "p", "move_doubt(-1)", "previous doubtful suggestion", "Move"),
    Command("move.reach", "r", "reach", "go to any word in sight by its two letters", "Move"),
    Command("document.next", "D,right_square_bracket", "move_document(1)", "next document", "Move"),
    Command("document.previous", "B,left_square_bracket", "move_document(-1)", "previous document", "Move"),
    Command("span.accept", "a", "accept", "accept the suggestion", "Decide"),
    Command("sentence.confirm", "c,enter", "confirm", "accept the rest of the sentence and go on", "Decide"),
    Command("page.confirm", "space,y", "confirm_page", "accept all that is in sight and go on a page", "Decide"),
    Command("reading.first", "Q", "take(0)", "take the model's next best reading", "Decide"),
    Command("reading.second", "W", "take(1)", "take its second next reading", "Decide"),
    Command("reading.third", "T", "take(2)", "take its third next reading", "Decide"),
    Command("span.remove", "x,backspace,delete", "remove", "reject the suggestion or delete the entity", "Decide"),
    Command("span.extend-right", "e", "resize(0,1)", "extend to the right", "Decide"),
    Command("span.extend-left", "E", "resize(-1,0)", "extend to the left", "Decide"),
    Command("span.shrink-right", "s", "resize(0,-1)", "shrink at the right", "Decide"),
    Command("span.shrink-left", "S", "resize(1,0)", "shrink at the left", "Decide"),
    Command("sentence.flag", "f", "flag", "flag the sentence to come back to", "Decide"),
    Command("edit.undo", "u", "undo", "undo, in any document", "Decide"),
    Command("edit.redo", "U,ctrl+r", "redo", "redo", "Decide"),
    Command("edit.repeat", "R,full_stop", "repeat", "do the last correction again here", "Decide"),
    Command("select.start", "v", "select", "start or stop selecting", "Select"),
    Command("select.right", "L,shift+right", "extend_selection(1)", "select one token more", "Select"),
    Command("select.left", "H,shift+left", "extend_selection(-1)", "select one token less, or to the left", "Select"),
    Command("select.clear", "escape,C", "clear_selection", "clear the selection", "Select"),
    Command("view.panes", "t", "toggle_panes", "show or hide the side panes", "See"),
    Command("view.spacing", "i", "toggle_spacing", "labels under the text, or within it", "See"),
    Command("view.theme", "z t", "theme", "choose a colour theme", "See"),
    Command("view.messages", "m", "messages", "what has been said", "See"),
    Command("view.help", "M,question_mark,f1", "help", "these keys", "See"),
    Command("view.palette", "P,ctrl+p", "app.command_palette", "every command by name", "See"),
    Command("project.export", "o,ctrl+s", "export", "export to a file", "Leave"),
    Command("app.suspend", "Z,ctrl+z", "app.suspend_process", "back to the shell for a while (fg returns)", "Leave"),
    Command("app.quit", "q,ctrl+q", "leave", "quit; everything is saved", "Leave"),
)
LABEL_KEYS = "123456789"
_NAMES = {
    "circumflex_accent": "^",
    "dollar_sign": "$",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "equals_sign": "=",
    "slash": "/",
    "semicolon": ";",
    "comma": ",",
    "question_mark": "?",
    "pagedown": "page down",
    "pageup": "page up",
    "shift+left": "shift+←",
    "shift+right": "shift+→",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}


def bindings() -> list[Binding]:
    """Return the bindings of the review screen."""
    found = [
        Binding(single, each.action, each.description, show=False, tooltip=each.description, id=each.id)
        for each in COMMANDS
        if (single := ",".join(key for key in each.keys.split(",") if " " not in key))
    ]
    for prefix in dict.fromkeys(keys.split(" ")[0] for keys in sequences()):
        words = "more actions: shows the keys that can follow"
        found.append(Binding(prefix, f"prefix({prefix!r})", "more", show=False, tooltip=words, id=f"more.{prefix}"))
    for key in LABEL_KEYS:
        words = f"label {key}: on the token, the selection or the entity"
        found.append(Binding(key, f"label({int(key) - 1})", words, show=False, tooltip=words, id=f"label.{key}"))
    return found


def sequences() -> dict[str, Command]:
    """Return the commands that take two keys, by those keys, such as ``z s``."""
    return {keys: each for each in COMMANDS for keys in each.keys.split(",") if " " in keys}


def key_name(key: str) -> str:
    """Return a key as people write it."""
    return " ".join(_NAMES.get(part, part) for part in key.split(" "))


def key_names(keys: Iterable[str]) -> str:
    """Return keys as people write them, separated by spaces."""
    return "  ".join(key_name(key) for key in keys)
