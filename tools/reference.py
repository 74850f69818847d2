"""Write ``docs/reference.md``: commands, options, keys, ids, formats and schemes, from the tables of the code.

    python -m tools.reference

A test holds the file against what is made here.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator, Sequence
from itertools import groupby

from ner_tui.app.keymap import COMMANDS, LABEL_COMMANDS, LABEL_KEYS, key_names
from ner_tui.cli.parser import PATTERNS, WORDPIECES, build_parser
from ner_tui.domain.schemes import SCHEMES, TagSpan, encode
from ner_tui.formats import FORMATS, READERS, WRITERS
from tools.affected import ROOT

PAGE = ROOT / "docs" / "reference.md"
_HEAD = """\
# Reference

All commands and options, keys and their ids, formats and tag schemes. `make reference` writes this page from the code;
`ner-tui COMMAND --help` and the key `?` say the same. How they are used: [README](../README.md),
[reviewing](reviewing.md), [configuration](configuration.md), [formats](formats.md), [scoring](scoring.md)."""
_SENTENCE = ("Ada", "Okonkwo", "met", "Bo", "in", "Lisbon")
_SPANS = (TagSpan(0, 2, "PER"), TagSpan(3, 4, "PER"), TagSpan(5, 6, "LOC"))


def commands() -> dict[str, ArgumentParser]:
    """Return the parser of each command by its name."""
    return dict(_subcommands(build_parser()))


def options() -> Iterator[tuple[str, Action]]:
    """Yield (command, option) for all options but --help."""
    for name, parser in commands().items():
        for action in parser._actions:
            if action.option_strings and action.dest != "help":
                yield name, action


def reference() -> str:
    """Return the page."""
    return "\n\n".join([_HEAD, *_commands(), *_keys(), *_ids(), *_formats(), *_schemes()]) + "\n"


def _subcommands(parser: ArgumentParser) -> Iterator[tuple[str, ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            yield from action.choices.items()


def _commands() -> Iterator[str]:
    yield "## Commands"
    every = _of_every_command()
    yield _table(("for every command", ""), [_row(action) for action in every])
    summaries = _summaries(build_parser())
    for name, parser in commands().items():
        yield f"### {_usage(parser)}"
        yield " ".join(_sentence(words) for words in (summaries[name], parser.description) if words)
        yield from _arguments(parser, every)
        summaries_below = _summaries(parser)
        for action, below in _subcommands(parser):
            yield f"`{_usage(below)}`: {summaries_below[action]}"
            yield from _arguments(below, [*every, *parser._actions])


def _of_every_command() -> list[Action]:
    each = [{action.option_strings[-1] for name, action in options() if name == command} for command in commands()]
    first = next(iter(commands()))
    return [a for name, a in options() if name == first and a.option_strings[-1] in set.intersection(*each)]


def _summaries(parser: ArgumentParser) -> dict[str, str]:
    return {
        choice.dest: choice.help or ""
        for action in parser._actions
        if isinstance(action, _SubParsersAction)
        for choice in action._choices_actions
    }


def _usage(parser: ArgumentParser) -> str:
    """Return a command with its arguments: options have their own table."""
    words = [parser.prog]
    for action in parser._actions:
        if not action.option_strings and not isinstance(action, _SubParsersAction):
            words.append(_value(action) + ("..." if action.nargs in ("*", "+") else ""))
    return " ".join(words)


def _arguments(parser: ArgumentParser, elsewhere: list[Action]) -> Iterator[str]:
    known = {option for action in elsewhere for option in action.option_strings} | {"--help"}
    rows = [
        _row(action)
        for action in parser._actions
        if not isinstance(action, _SubParsersAction) and not known & set(action.option_strings)
    ]
    if rows:
        yield _table(("argument", "meaning"), rows)


def _row(action: Action) -> tuple[str, str]:
    if not action.option_strings:
        return f"`{_value(action)}`", action.help or ""
    value = "" if action.nargs == 0 else f" {_value(action)}"
    return ", ".join(f"`{name}{value}`" for name in action.option_strings), action.help or ""


def _value(action: Action) -> str:
    if action.metavar is None and action.choices is not None:
        return "|".join(map(str, action.choices))
    return str(action.metavar or action.dest.upper())


def _keys() -> Iterator[str]:
    yield "## Keys"
    for group, members in groupby(COMMANDS, key=lambda command: command.group):
        rows = [(_names(each.keys), each.description) for each in members]
        if group == "Decide":
            first, last = f"`{LABEL_KEYS[0]}`", f"`{LABEL_KEYS[-1]}`"
            rows.append((f"{first} … {last}", "set the label: on the token, the selection or the entity"))
        yield _table((group, ""), rows)


def _names(keys: str) -> str:
    return " ".join(f"`{name}`" for name in key_names(keys.split(",")).split("  "))


def _ids() -> Iterator[str]:
    yield "## Ids"
    yield "What keys can be given to in [`config.toml`](configuration.md), and what a log names:"
    lines = []
    for group, members in groupby(COMMANDS, key=lambda command: command.group):
        lines.append(f"- {group}: {', '.join(f'`{each.id}`' for each in members)}")
    first, last = LABEL_COMMANDS[0].id, LABEL_COMMANDS[-1].id
    yield "\n".join([*lines, f"- the first nine labels: `{first}` … `{last}`"])


def _formats() -> Iterator[str]:
    yield "## Formats"
    yield "The names that `--from` and `--to` take; [formats](formats.md) says what they are."
    rows = []
    for name, entry in FORMATS.items():
        suffixes = " ".join(f"`{suffix}`" for suffix in entry.suffixes)
        rows.append((f"`{name}`", _yes(name in READERS), _yes(name in WRITERS), suffixes))
    rows.append((f"`{WORDPIECES}`", "", "by `predict`", ""))
    rows.append((f"`{PATTERNS}`", "", "by `export`", ""))
    yield _table(("name", "read", "written", "files so named are tried as it"), rows)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""


def _schemes() -> Iterator[str]:
    yield "## Tag schemes"
    yield "IOB2 is written unless the input uses another. " + _where_undefined()
    rows = []
    for name, scheme in SCHEMES.items():
        tags = encode(_SPANS, len(_SENTENCE), name)
        rows.append((f"`{name}`", scheme.title, *(f"`{tag}`" for tag in tags)))
    yield _table(("name", "", *_SENTENCE), rows)


def _where_undefined() -> str:
    alone = [scheme.title for scheme in SCHEMES.values() if scheme.touching is None]
    return f"Two spans of one label side by side cannot be told apart in {' and '.join(alone)}."


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    escaped = ([cell.replace("|", "\\|") for cell in cells] for cells in lines)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in escaped)


def main() -> None:
    """Write the page."""
    PAGE.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
