"""The README and the pages in docs/ promise what the program does, and the way to install it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from ner_tui.app.keymap import COMMANDS, LABEL_KEYS, Command, key_names
from ner_tui.app.settings import settings_of
from ner_tui.cli.parser import PATTERNS, WORDPIECES
from ner_tui.config.labels import label_set
from ner_tui.config.user import read_user_config
from ner_tui.domain.schemes import SCHEMES
from ner_tui.formats import FORMATS, READERS, WRITERS
from tools.reference import PAGE, commands, options, reference

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = PAGE.read_text(encoding="utf-8")
FORMAT_PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def code_blocks(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return what can stand behind ``#`` in a link to a page."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_reference_is_what_the_code_says() -> None:
    assert reference() == REFERENCE, "run `make reference`"


@pytest.mark.parametrize(("command", "option"), [(name, action.option_strings[-1]) for name, action in options()])
def test_every_option_is_in_its_commands_table_or_in_that_for_all(command: str, option: str) -> None:
    tables = re.split(r"^### ", REFERENCE.split("## Keys")[0], flags=re.MULTILINE)
    own = next(table for table in tables if re.match(rf"ner-tui {command}\b", table))
    assert re.search(rf"^\| (`-\w\b.*)?`{option}[ `]", tables[0] + own, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_action_is_there_with_its_keys_and_its_id(command: Command) -> None:
    keys = " ".join(f"`{name}`" for name in key_names(command.keys.split(",")).split("  "))
    assert f"| {keys} | {command.description} |\n" in REFERENCE
    assert f"`{command.id}`" in REFERENCE.split("## Ids")[1]


def test_the_readmes_command_table_lists_every_command_and_no_other() -> None:
    assert re.findall(r"^\| `ner-tui (\w+)", README, re.MULTILINE) == list(commands())


def test_the_readme_names_only_options_that_there_are() -> None:
    known = {option for _, action in options() for option in action.option_strings} | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README)) <= known


def test_the_keys_of_the_first_steps_do_what_is_said() -> None:
    rows = re.findall(r"^\| `([^`]+)`(?: … `(\d)`)? \| (.+) \|$", README.split("## Commands")[0], re.MULTILINE)
    assert len(rows) > 10
    meanings = {name: each.description for each in COMMANDS for name in key_names(each.keys.split(",")).split("  ")}
    for first, last, meaning in rows:
        if last:
            assert (first, last) == (LABEL_KEYS[0], LABEL_KEYS[-1])
        else:
            assert meanings[first] == meaning


@pytest.mark.parametrize("name", [*FORMATS, WORDPIECES, PATTERNS])
def test_every_format_has_its_row_with_what_can_be_done(name: str) -> None:
    (read, written) = re.findall(rf"^\| `{name}` \| (\w*) ?\| ([\w`]*) ?\| .{{20,}} \|$", FORMAT_PAGE, re.MULTILINE)[0]
    assert bool(read) == (name in READERS)
    assert bool(written) == (name in WRITERS or name in (WORDPIECES, PATTERNS))


@pytest.mark.parametrize("name", SCHEMES)
def test_every_tag_scheme_is_named(name: str) -> None:
    assert SCHEMES[name].title in README
    assert f"| `{name}` |" in REFERENCE


def test_the_settings_that_are_shown_are_accepted(tmp_path: Path) -> None:
    settings, labels = code_blocks("configuration.md", "toml")
    (tmp_path / "config.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "labels.toml").write_text(labels, encoding="utf-8")
    config = read_user_config(str(tmp_path / "config.toml"))
    assert {change.command for change in config.keys} == set(tomllib.loads(settings)["keys"])
    assert settings_of(config).theme == "nord"
    assert label_set(str(tmp_path / "labels.toml")).names == ("GENE",)


def test_a_user_installs_and_opens_the_samples_in_one_line() -> None:
    opens = (
        "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt . && .venv/bin/ner-tui review sample_texts/"
    )
    assert f"\n```\n{opens}\n```\n" in README
    assert (ROOT / "constraints.txt").is_file()
    assert list((ROOT / "sample_texts").glob("*.txt"))


def test_ci_installs_and_checks_as_the_readme_tells_a_developer_to() -> None:
    (developer,) = re.findall(r"^python3 -m venv .*&& pip (install .*) && (make check)$", README, re.MULTILINE)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    install = developer[0].removeprefix("install ")
    assert re.search(rf"^pip install .*{re.escape(install)}$", script, re.MULTILINE)
    assert re.search(rf"^{re.escape(developer[1])}\nmake thorough\nmake dist\n\Z", script, re.MULTILINE)


def test_every_target_that_is_named_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: make {target}"


def test_the_hooks_before_a_commit_run_what_the_makefile_runs() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"entry: python (.+)$", hooks, re.MULTILINE)
    assert len(entries) == 3
    for entry in entries:
        assert f"$(PYTHON) {entry}" in makefile
    assert "repo: http" not in hooks


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page.read_text(encoding="utf-8")):
        there = page.parent / target if target else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"
