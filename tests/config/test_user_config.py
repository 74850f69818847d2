"""A person's config.toml: found in its usual place or by name, read strictly, every refusal with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.config.user import UserConfig, default_path, read_user_config
from ner_tui.errors import FormatError, InputError


def read(folder: Path, text: str) -> UserConfig:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return read_user_config(str(path))


def test_keys_theme_and_name_are_read_with_their_lines(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        '[app]\ntheme = "nord"\nannotator = "Ada Okonkwo"\n\n[keys]\n# mine\n"span.accept" = ["y", "f2"]\n'
        'view.theme = "z c"\n',
    )
    assert config.annotator == "Ada Okonkwo"
    assert config.theme is not None
    assert (config.theme.name, config.theme.line) == ("nord", 2)
    assert [(change.command, change.keys, change.line) for change in config.keys] == [
        ("span.accept", ("y", "f2"), 7),
        ("view.theme", ("z c",), 8),
    ]


def test_an_empty_list_takes_all_keys_away(tmp_path: Path) -> None:
    assert read(tmp_path, '[keys]\n"view.messages" = []\n').keys[0].keys == ()


def test_ids_may_stand_in_tables_of_their_own(tmp_path: Path) -> None:
    config = read(tmp_path, '[keys.span]\naccept = "y"\n')
    assert [(change.command, change.line) for change in config.keys] == [("span.accept", 2)]


def test_without_a_file_in_the_usual_place_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_user_config() == UserConfig()
    default_path().parent.mkdir(parents=True)
    default_path().write_text('[app]\nannotator = "Ada"\n')
    assert read_user_config().annotator == "Ada"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[app]\ntheme = nord\n", 2, "this is not TOML"),
        ('[app]\ntheme = "nord', 2, "this is not TOML"),
        ('[app]\n\ntehme = "nord"\n', 3, "do you mean 'theme'?"),
        ('[key]\n"a.b" = "x"\n', 1, "do you mean 'keys'?"),
        ("[app]\nannotator = 7\n", 2, "'annotator' is 7 where a text is needed"),
        ('[app]\nannotator = " "\n', 2, "'annotator' is empty where a text is needed"),
        ('[keys]\n"span.accept" = 3\n', 2, "needs a key or a list of keys"),
        ('[keys]\n"span.accept" = ["a", ""]\n', 2, "needs a key or a list of keys"),
        ('[keys]\n"span.accept" = "a"\nspan.accept = "b"\n', 3, "span.accept has its keys twice"),
        ('keys = "a"\n', 1, "write [keys] in a line of its own"),
        ("[app]\n" + ".".join("a" * 20_000) + " = 1\n", 2, "a key of more than 30 parts"),
        ("a = " + "[" * 100_000, 1, "tables within tables"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(FormatError) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / 'config.toml'}:{line}: ")
    assert words in str(refused.value)


def test_lines_of_windows_and_a_byte_order_mark_are_as_good(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbf[app]\r\nannotator = "Ada"\r\n')
    assert read_user_config(str(path)).annotator == "Ada"


def test_a_file_that_is_named_has_to_be_there_and_to_be_utf_8(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_user_config(str(tmp_path / "none.toml"))
    with pytest.raises(InputError, match="this is a folder"):
        read_user_config(str(tmp_path))
    (tmp_path / "latin.toml").write_bytes(b"# one\n# Stra\xdfe\n")
    with pytest.raises(InputError, match=r"latin\.toml:2: this is not UTF-8"):
        read_user_config(str(tmp_path / "latin.toml"))
