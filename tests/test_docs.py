"""The README promises what the program does: commands, options, formats, keys, and the way to install it."""

from __future__ import annotations

import re
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from ner_tui.app.keymap import COMMANDS, LABEL_COMMANDS, LABEL_KEYS, key_names
from ner_tui.cli.parser import WORDPIECES, build_parser
from ner_tui.domain.schemes import SCHEMES
from ner_tui.formats import FORMATS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, ArgumentParser]:
    """Return the parser of each command by its name."""
    actions = build_parser()._actions
    return next(dict(action.choices) for action in actions if isinstance(action, _SubParsersAction))


def options() -> Iterator[tuple[str, str]]:
    """Yield (command, option) for all of them but --help, the long spelling where there is one."""
    for command, parser in commands().items():
        for action in parser._actions:
            if action.option_strings and action.dest != "help":
                yield command, action.option_strings[-1]


def key_table() -> str:
    """Return the README's table of keys, as it has to be."""
    lines = []
    for group, members in groupby(COMMANDS, key=lambda command: command.group):
        lines += ["", f"| {group} | |", "|---|---|"]
        for command in members:
            keys = " ".join(f"`{name}`" for name in key_names(command.keys.split(",")).split("  "))
            lines.append(f"| {keys} | {command.description} |")
        if group == "Decide":
            first, last = LABEL_KEYS[0], LABEL_KEYS[-1]
            lines.append(f"| `{first}` … `{last}` | set the label: on the token, the selection or the entity |")
    return "\n".join([*lines, "", ""])


def id_list() -> str:
    """Return the README's list of what keys can be given to, as it has to be."""
    groups = groupby(COMMANDS, key=lambda command: command.group)
    lines = [f"- {group}: {', '.join(f'`{command.id}`' for command in members)}" for group, members in groups]
    first, last = LABEL_COMMANDS[0].id, LABEL_COMMANDS[-1].id
    return "\n".join(["", *lines, f"- the first nine labels: `{first}` … `{last}`", "", ""])


def test_the_list_of_ids_is_that_of_the_keymap() -> None:
    listed = README.split("<!-- ids -->\n")[1].split("<!-- /ids -->")[0]
    assert listed == id_list(), f"between the markers has to stand:\n{id_list()}"


def test_the_command_table_lists_every_command_and_no_other() -> None:
    assert re.findall(r"^\| `ner-tui (\w+)", README, re.MULTILINE) == list(commands())


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_every_option_is_named(command: str, option: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", README), f"{command} {option}"


def test_the_key_table_is_the_keymap() -> None:
    table = README.split("<!-- keys -->\n")[1].split("<!-- /keys -->")[0]
    assert table == key_table(), f"between the markers has to stand:\n{key_table()}"


@pytest.mark.parametrize("name", [*FORMATS, WORDPIECES])
def test_every_format_has_its_row(name: str) -> None:
    assert f"\n| `{name}` |" in README


@pytest.mark.parametrize("name", SCHEMES)
def test_every_tag_scheme_is_named(name: str) -> None:
    assert f"`{name}`" in README


def test_ci_installs_and_checks_as_the_readme_tells_a_developer_to() -> None:
    (developer,) = re.findall(r"^python3 -m venv .*&& pip (install .*) && (make check)$", README, re.MULTILINE)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    install = developer[0].removeprefix("install ")
    assert re.search(rf"^pip install .*{re.escape(install)}$", script, re.MULTILINE)
    assert script.rstrip().endswith(developer[1])


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md", "CHANGELOG.md", "SECURITY.md"])
def test_links_to_files_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
