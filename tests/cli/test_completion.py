"""What completes in shells, and the examples that end the help of each command."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from patience import HANGS

from ner_tui.cli import main
from ner_tui.cli.completion import FILES, OTHERS, actions
from ner_tui.cli.examples import EXAMPLES
from ner_tui.cli.parser import COMMANDS, build_parser
from ner_tui.cli.viewing_arguments import SHELLS

Capture = pytest.CaptureFixture[str]
BASH = """
source {script}
complete_words() {{
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    _shtab_ner_tui "${{COMP_WORDS[0]}}" "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD - 1]}}"
    echo "${{COMPREPLY[@]}}"
}}
compopt() {{ :; }}
complete_words {words}
"""


@pytest.fixture
def script(tmp_path: Path, capfd: Capture, request: pytest.FixtureRequest) -> Path:
    pytest.importorskip("shtab", reason="the extra [completion] is not installed")
    shell = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} in PATH")
    assert main(["completion", shell]) == 0
    path = tmp_path / "script"
    path.write_text(capfd.readouterr().out)
    return path


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ner-tui conv", {"convert"}),
        ("ner-tui predict --shar", {"--shard"}),
        ("ner-tui export p.ner --to conllu", {"conllu"}),
        ("ner-tui models in", {"info"}),
        ("ner-tui completion f", {"fish"}),
        ("ner-tui review te", {"text.txt"}),
        ("ner-tui export p.ner -o te", {"text.txt"}),
    ],
)
def test_bash_completes_commands_options_choices_and_files(
    script: Path, words: str, found: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(script.parent)
    Path("text.txt").write_text("x")
    program = BASH.format(script=script, words=words)
    run = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True, timeout=HANGS)
    assert {*run.stdout.split()} == found


@pytest.mark.parametrize("script", [shell for shell in SHELLS if shell != "bash"], indirect=True)
def test_other_shells_take_what_is_made_for_them(script: Path, request: pytest.FixtureRequest) -> None:
    shell = request.node.callspec.params["script"]
    run = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False, timeout=HANGS)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("script", ["fish"], indirect=True)
def test_fish_completes_commands(script: Path) -> None:
    program = f"source {script}; complete -C 'ner-tui conv'; complete -C 'ner-tui export p.ner --onl'"
    run = subprocess.run(["fish", "--no-config", "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert [line.split("\t")[0] for line in run.stdout.splitlines()] == ["convert", "--only"]


def test_without_the_package_it_is_said_what_installs_it(capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ner_tui.formats.standoff.extras.find_spec", lambda name: None)
    assert main(["completion", "bash"]) == 2
    assert "pip install 'ner-tui[completion]'" in capfd.readouterr().err


def test_every_value_is_known_to_be_a_file_or_none() -> None:
    """A file that is not completed is noticed by who types it, and by nobody else."""
    said = {action.metavar for action in actions(build_parser()) if action.choices is None and action.nargs != 0}
    assert said == FILES | OTHERS


def test_every_command_has_examples_and_no_other() -> None:
    assert list(EXAMPLES) == list(COMMANDS)


@pytest.mark.parametrize(("command", "line"), [(name, line) for name, some in EXAMPLES.items() for line, _ in some])
def test_an_example_is_taken_by_the_command(command: str, line: str, capfd: Capture) -> None:
    words = shlex.split(line.partition(" > ")[0].partition(" < ")[0])
    assert words[:2] == ["ner-tui", command]
    build_parser().parse_args(words[1:])
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert f"  {line}\n" in capfd.readouterr().out
