"""Recipe files, the shipped one among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ner_tui.errors import InputError
from ner_tui.training.recipe import Teacher, TrainingOptions, load_recipe

SHIPPED = Path(__file__).parents[2] / "recipes" / "default.toml"


def test_the_shipped_recipe_can_be_read(tmp_path: Path) -> None:
    recipe = load_recipe(SHIPPED, tmp_path)
    assert recipe.labels == ("MISC", "PER", "ORG", "LOC")
    assert recipe.train[0].path == tmp_path / "conll2003-train.conll"
    assert recipe.train[0].annotated is None
    assert recipe.options.letter_shapes
    assert all("dev" not in source.path.name and "testa" not in source.path.name for source in recipe.train)


def test_the_teacher_s_recipe_can_be_read(tmp_path: Path) -> None:
    recipe = load_recipe(SHIPPED.with_name("teacher.toml"), tmp_path)
    assert recipe.names == (tmp_path / "names.tsv",)
    assert recipe.options.head_learning_rate == 1e-3
    assert {source.path.stem: (source.share, source.replace_names) for source in recipe.train}.items() >= {
        ("multiner-gov", (0.3, True)),
        ("gum-silver", (0.6, False)),
    }


def test_the_default_model_learns_from_the_sets_of_its_teacher(tmp_path: Path) -> None:
    teacher = load_recipe(SHIPPED.with_name("teacher.toml"), tmp_path)
    recipe = load_recipe(SHIPPED.with_name("default.toml"), tmp_path)
    assert [(each.path, each.annotated, each.kind, each.ignore_prefix) for each in recipe.train] == [
        (each.path, each.annotated, each.kind, each.ignore_prefix) for each in teacher.train
    ]
    assert (recipe.dev, recipe.names) == (teacher.dev, teacher.names)
    assert [each.path for each in recipe.teachers] == [tmp_path / "teacher"]
    assert len(recipe.layers) == 8
    assert recipe.teachers[0].match[-1] == (12, 8)


def test_the_fast_model_learns_from_what_the_default_model_says_and_from_its_sets(tmp_path: Path) -> None:
    posts, recipe = (load_recipe(SHIPPED.with_name(name), tmp_path) for name in ("posts.toml", "fast.toml"))
    assert {each.path for each in recipe.train} == {each.path for each in posts.train}
    assert (recipe.dev, recipe.names) == (posts.dev, posts.names)
    assert recipe.teachers == (Teacher(tmp_path / "teacher"),)
    assert recipe.layers == ()


@pytest.mark.parametrize("name", ["default.toml", "fast.toml"])
def test_no_model_sees_the_text_that_few_shot_heads_are_measured_on(name: str, tmp_path: Path) -> None:
    recipe = load_recipe(SHIPPED.with_name(name), tmp_path)
    assert recipe.unlabelled
    assert all("music" not in source.path.name for source in recipe.unlabelled)


def test_absent_keys_have_defaults(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text('seed = 7\n[[train]]\npath = "a.conll"\n')
    recipe = load_recipe(path, tmp_path)
    assert recipe.options == TrainingOptions(seed=7)
    assert recipe.dev == ()
    assert recipe.labels is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[train]]\npath = "a"\n[options]\nepoch = 3\n', "no key 'epoch'"),
        ('[[train]]\npath = "a"\ntweets = true\n', "no key 'tweets'"),
        ("epochs = 3\n", "no key 'epochs'"),
        ('[[train]]\npath = "a"\n[options]\nepochs = "3"\n', "epochs = '3'"),
        ("epochs = \n", "not a TOML file"),
        ('[[train]]\nkind = "messages"\n', "a set has no path"),
        ('[[train]]\npath = "a"\nkind = "tweets"\n', "kind 'tweets'"),
        ("", "names no set to train on"),
        (".".join("a" * 20_000) + " = 1\n", "a key of more than 30 parts"),
        ("#" * 1_000_001, "larger than"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "r.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        load_recipe(path, tmp_path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_recipe(tmp_path / "none.toml", tmp_path)
