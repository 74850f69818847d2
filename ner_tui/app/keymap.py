"""The keys: one table of every action of the review screen, its keys, and what it does.

The ids are public: the help, the command palette and the documentation use them. No key is a chord that terminals
cannot tell apart, and every action has a letter or a digit. Labels have the digits 1 to 9.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding
from textual.keys import REPLACED_KEYS

from ner_tui.domain.labels import CODE_PREFIX, CODES


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
    Command("move.right", "l,right", "move('token',1)", "next token", "Move"),
    Command("move.left", "h,left", "move('token',-1)", "previous token", "Move"),
    Command("move.down", "j,down", "move('row',1)", "a line down", "Move"),
    Command("move.up", "k,up", "move('row',-1)", "a line up", "Move"),
    Command("move.word-end", "z o", "move('word',1)", "end of the word, up to white space", "Move"),
    Command("move.word-start", "z h", "move('word',-1)", "start of the word", "Move"),
    Command("move.sentence-end", "z j", "move('sentence',1)", "end of the sentence", "Move"),
    Command("move.sentence-start", "z u", "move('sentence',-1)", "start of the sentence", "Move"),
    Command("move.line-start", "z a", "move('edge',-1)", "start of the line", "Move"),
    Command("move.line-end", "z e", "move('edge',1)", "end of the line", "Move"),
    Command("move.page-down", "J,pagedown,ctrl+f", "move('page',1)", "a page down", "Move"),
    Command("move.page-up", "K,pageup,ctrl+b", "move('page',-1)", "a page up", "Move"),
    Command("move.top", "g,home,ctrl+home", "move('end',-1)", "start of the document", "Move"),
    Command("move.bottom", "G,end,ctrl+end", "move('end',1)", "end of the document", "Move"),
    Command("move.next-span", "w,tab", "move_span(1)", "next entity", "Move"),
    Command("move.previous-span", "W,b,shift+tab", "move_span(-1)", "previous entity", "Move"),
    Command("move.next-doubt", "n", "move_doubt(1)", "next doubtful suggestion, in any document", "Move"),
    Command("move.previous-doubt", "p", "move_doubt(-1)", "previous doubtful suggestion", "Move"),
    Command("queue.open", "d", "queue", "what to look at, over all documents, and why", "Move"),
    Command(
        "errors.walk",
        "z q",
        "possible_errors",
        "labels to check: the likeliest errors first; a mends one, x says it is right",
        "Move",
    ),
    Command("move.reach", "r", "reach", "go to a word by its first letter; with a digit first: mark words", "Move"),
    Command("document.next", "z D", "move_document(1)", "next document", "Move"),
    Command("document.previous", "z B", "move_document(-1)", "previous document", "Move"),
    Command("span.accept", "a", "accept", "accept the suggestion", "Decide"),
    Command("sentence.confirm", "c,enter", "confirm", "accept the rest of the sentence and go on", "Decide"),
    Command("page.confirm", "space,z y", "confirm_page", "accept all in sight, and go on a page", "Decide"),
    Command("reading.first", "t,z 1", "take(0)", "another reading: the model's next best", "Decide"),
    Command("reading.second", "z 2", "take(1)", "2nd other reading", "Decide"),
    Command("reading.third", "z 3", "take(2)", "3rd other reading", "Decide"),
    Command("span.remove", "x,backspace,delete", "remove", "reject the suggestion or delete the entity", "Decide"),
    Command("span.extend-right", "e", "resize(0,1)", "extend to the right", "Decide"),
    Command("span.extend-left", "E", "resize(-1,0)", "extend to the left", "Decide"),
    Command("span.shrink-right", "s", "resize(0,-1)", "shrink at the right", "Decide"),
    Command("span.shrink-left", "S", "resize(1,0)", "shrink at the left", "Decide"),
    Command("sentence.flag", "f", "flag", "flag the sentence to come back to", "Decide"),
    Command("edit.undo", "u", "undo", "undo, in any document", "Decide"),
    Command("edit.redo", "U,ctrl+r", "redo", "redo", "Decide"),
    Command("edit.repeat", "z R", "repeat", "do the same here: the last correction again", "Decide"),
    Command("fix.all", "m,z A", "fix_all", "label all alike: every other occurrence", "Decide"),
    Command("note.write", "N", "note", "write a note on the entity, the selection or the sentence", "Decide"),
    Command("pattern.make", "z x", "make_pattern", "pattern of the entity: its words, everywhere", "Decide"),
    Command("token.split", "z s", "split_token", "split the token (raw text)", "Decide"),
    Command("token.merge", "z m", "merge_tokens", "merge two tokens: this and the next (raw text)", "Decide"),
    Command("sentence.boundary", "z b", "move_boundary", "sentence starts here, or no longer (raw text)", "Decide"),
    Command("label.code", "0", "label_prefix", "one of the labels beyond nine: its second key follows", "Labels"),
    Command("label.choose", "z l", "choose_label", "label by name, or a part of it", "Labels"),
    Command("labels.edit", "z X", "labels", "the labels: add, rename, merge, describe, recolour, delete", "Labels"),
    Command("find.start", "F,slash", "find", "find text, /expression/, label:, score:, is:", "Find"),
    Command("find.next", "z Y", "find_next(1)", "next hit, in any document", "Find"),
    Command("find.previous", "z V", "find_next(-1)", "previous hit", "Find"),
    Command("note.list", "z I", "remarks", "notes and flags", "Find"),
    Command("select.start", "v", "select", "start or stop selecting", "Select"),
    Command("select.right", "L,shift+right", "move('selection',1)", "select one token more", "Select"),
    Command("select.left", "H,shift+left", "move('selection',-1)", "select one token less, or to the left", "Select"),
    Command("select.clear", "escape,z C", "clear_selection", "clear the selection", "Select"),
    Command("copy", "z c", "copy", "copy the entity, the selection or the sentence", "Select"),
    Command("mouse.release", "z r", "release_mouse", "mouse to the terminal, or taken back", "Select"),
    Command("view.panes", "z v", "toggle_panes", "side panes: show or hide", "See"),
    Command("view.spacing", "z k", "toggle_spacing", "labels under the text, or within it", "See"),
    Command("view.blind", "z i", "blind", "blind mode: hide suggestions until you decide", "See"),
    Command("view.faint", "z f", "faint", "faint suggestions: show or hide", "See"),
    Command("view.theme", "z t", "theme", "choose a colour theme", "See"),
    Command("view.guidelines", "z g", "guidelines", "project's guidelines", "See"),
    Command("view.detail", "z d", "detail", "details of the place: all that is known", "See"),
    Command("view.statistics", "z O", "statistics", "statistics: counts, agreement with the model, pace", "See"),
    Command("model.rest", "z p", "predict_rest", "predict the rest, or only near the cursor", "See"),
    Command("model.learning", "z n", "switch_learning", "learning on or off: from what you decide", "See"),
    Command("view.messages", "z M", "messages", "what has been said", "See"),
    Command("view.help", "question_mark,z H,f1", "help", "these keys", "See"),
    Command("view.palette", "ctrl+p,z P", "app.command_palette", "every command by name", "See"),
    Command("project.export", "o,ctrl+s", "export", "export to a file", "Leave"),
    Command("project.save", "z w", "save", "save into the file: what is decided is written back", "Leave"),
    Command("app.suspend", "ctrl+z,z Z", "app.suspend_process", "to the shell, and back with fg", "Leave"),
    Command("app.quit", "q,ctrl+q", "leave", "quit; everything is saved", "Leave"),
)
SOUGHT = {
    "A": "fix.all", "B": "document.previous", "C": "select.clear", "D": "document.next", "I": "note.list",
    "M": "view.help", "O": "view.statistics", "P": "view.palette", "Q": "reading.first", "R": "edit.repeat",
    "T": "reading.third", "V": "find.previous", "X": "labels.edit", "Z": "app.suspend", "i": "view.spacing",
    "full_stop": "edit.repeat", "equals_sign": "fix.all", "semicolon": "find.next", "comma": "find.previous",
    "left_square_bracket": "document.previous", "right_square_bracket": "document.next",
    "greater_than_sign": "move.word-end", "less_than_sign": "move.word-start",
    "left_parenthesis": "move.sentence-start", "right_parenthesis": "move.sentence-end",
    "circumflex_accent": "move.line-start", "dollar_sign": "move.line-end",
}  # fmt: skip
"""Keys that do nothing in the text, and the command that they are pressed for: its own key is told then."""
YIELDING = frozenset(["t", "m", "W", "home", "end", *(f"z {key}" for key in "123ABCDHIMOPRVXYZkv")])
"""Keys that a person's own keymap may give to another command without more ado; what is left to theirs is told."""
READINGS = ("reading.first", "reading.second", "reading.third")
"""The commands that take another reading, the likeliest first."""
LABEL_KEYS = "123456789"
LABEL_COMMANDS = tuple(
    Command(
        f"label.{key}", key, f"label_code({key!r})", f"label {key}: on the token, the selection or the entity", "Labels"
    )
    for key in LABEL_KEYS
)
EVERY = (*COMMANDS, *LABEL_COMMANDS)
"""All that a key can be bound to."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Keys that the bottom line tells of."""

    keys: tuple[tuple[str, str], ...]
    """Each as people write it, with the action that it runs."""
    words: str
    """What they do, in a word."""


_HINTS = (
    (("?",), "keys", ("view.help",)),
    (("u",), "undo", ("edit.undo",)),
    (("⏎",), "confirm", ("sentence.confirm",)),
    (("a",), "accept", ("span.accept",)),
    (("x",), "remove", ("span.remove",)),
    (("n",), "next", ("move.next-doubt",)),
    (("o",), "export", ("project.export",)),
    (("space",), "page", ("page.confirm",)),
    (("e", "E"), "extend", ("span.extend-right", "span.extend-left")),
    (("s", "S"), "shrink", ("span.shrink-right", "span.shrink-left")),
    (("d",), "list", ("queue.open",)),
)
"""The keys that the bottom line tells of: how they are written, what they do, whose they are."""
_FIRST_HINTS = 2
"""Those that stand before the labels and are never cut off."""
_NAMES = {
    "pagedown": "page down",
    "pageup": "page up",
    "shift+left": "shift+←",
    "shift+right": "shift+→",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}


def bindings(commands: Iterable[Command] = EVERY) -> list[Binding]:
    """Return the bindings of the review screen."""
    commands = tuple(commands)
    found = [
        Binding(single, each.action, each.description, show=False, tooltip=each.description, id=each.id)
        for each in commands
        if (single := ",".join(key for key in each.keys.split(",") if " " not in key))
    ]
    for prefix in dict.fromkeys(keys.split(" ")[0] for keys in sequences(commands)):
        words = "more actions: shows the keys that can follow"
        found.append(Binding(prefix, f"prefix({prefix!r})", "more", show=False, tooltip=words, id=f"more.{prefix}"))
    return found


def sequences(commands: Iterable[Command] = EVERY) -> dict[str, Command]:
    """Return the commands that take two keys, by those keys, such as ``z s``."""
    return {keys: each for each in commands for keys in each.keys.split(",") if " " in keys}


def label_keys(commands: Iterable[Command]) -> dict[str, str]:
    """Return, by the key that a label has in the project, the key to press for it where that is another one."""
    first = {each.id: key_name(each.keys.split(",")[0]) for each in commands}
    digits = {key: first[f"label.{key}"] for key in LABEL_KEYS if first.get(f"label.{key}", key) != key}
    prefix = first.get("label.code", CODE_PREFIX)
    codes = (code for code in CODES if code.startswith(CODE_PREFIX))
    return digits if prefix == CODE_PREFIX else digits | {code: f"{prefix}{code[1:]}" for code in codes}


def hints(commands: Iterable[Command]) -> tuple[list[Hint], list[Hint]]:
    """Return the keys of the bottom line with what they do: those before the labels, and those behind."""
    usual, now = {each.id: each.keys for each in EVERY}, {each.id: each for each in commands}
    parts = []
    for all_written, words, ids in _HINTS:
        keys = []
        for written, each in zip(all_written, ids, strict=True):
            command = now[each]
            if command.keys != usual[each]:
                written = key_name(command.keys.split(",")[0])
            if command.keys:
                keys.append((written, command.action))
        parts.append(Hint(tuple(keys), words))
    head, tail = parts[:_FIRST_HINTS], parts[_FIRST_HINTS:]
    return [part for part in head if part.keys], [part for part in tail if part.keys]


def sought(commands: Iterable[Command], key: str) -> str:
    """Return what to press in place of a key that does nothing in the text, or nothing where nobody knows."""
    wanted = next((each for each in commands if each.id == SOUGHT.get(key)), None)
    if wanted is None or not wanted.keys:
        return ""
    return f"{key_name(key)} does nothing here: {key_name(wanted.keys.split(',')[0])} is for {wanted.description}"


def first_key(commands: Iterable[Command], command: str) -> str:
    """Return the first key of the command with this id as people write it, or nothing if it has none."""
    keys = next((each.keys for each in commands if each.id == command), "")
    return key_name(keys.split(",")[0]) if keys else ""


def key_name(key: str) -> str:
    """Return a key as people write it."""
    return " ".join(_NAMES.get(part) or _character(part) for part in key.split(" "))


def _character(name: str) -> str:
    """Return the character that Textual calls ``name``, or the name if it is none that can be shown."""
    try:
        found = unicodedata.lookup(REPLACED_KEYS.get(name, name).replace("_", " "))
    except KeyError:
        return name
    return found if found.isprintable() and not found.isspace() and len(name) > 1 else name


def key_names(keys: Iterable[str]) -> str:
    """Return keys as people write them, separated by spaces."""
    return "  ".join(key_name(key) for key in keys)
