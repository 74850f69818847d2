"""Students: what teachers say is read once, and learnt from on text with and without labels."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnxruntime")

import numpy as np
import torch

from ner_tui.errors import InputError, ModelError
from ner_tui.training.base import keep_layers, load_base, load_classifier, load_tokenizer, make_encoder
from ner_tui.training.data import IGNORED, TrainingSentence, load_text, tag_names
from ner_tui.training.distillation import read_teachers
from ner_tui.training.finetune import train
from ner_tui.training.loop import forward
from ner_tui.training.recipe import Recipe, RecipeSource, Teacher, TrainingOptions, load_recipe

OPTIONS = TrainingOptions(
    epochs=15, learning_rate=3e-3, batch_pieces=128, window_words=(0, 20), letter_shapes=True, bf16=False, recase=0.0
)
TAGS = tag_names(["PER", "ORG", "LOC"])
WINDOWS = [
    TrainingSentence(tuple(text.split()), (IGNORED,) * len(text.split())) for text in ("Anbe daan .", "goco Coda", "el")
]


@pytest.fixture(scope="module")
def teacher(tiny_mpnet: Path, small_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(train=(RecipeSource(small_set),), labels=("LOC", "ORG", "PER"), options=OPTIONS)
    return train(recipe, tiny_mpnet, tmp_path_factory.mktemp("out") / "teacher").folder


def test_what_is_kept_is_what_the_teacher_says(teacher: Path, tmp_path: Path) -> None:
    teacher_outputs = read_teachers([Teacher(teacher, ((2, 1),))], TAGS, WINDOWS, tmp_path)
    model: Any = load_classifier(teacher)
    model.eval()
    encoder = make_encoder(model, load_tokenizer(teacher))
    batch = encoder.batch(encoder.encode(WINDOWS))
    assert sorted(batch.rows[batch.rows >= 0].tolist()) == list(range(6))
    order = [model.config.label2id[tag] for tag in TAGS]
    with torch.no_grad():
        expected = forward(model, batch)[batch.rows >= 0][:, order].numpy()
    assert teacher_outputs.logits[0].argmax(1).tolist() == expected.argmax(1).tolist()
    assert teacher_outputs.logits[0] == pytest.approx(expected, abs=0.5)
    assert teacher_outputs.states[0].values.shape == (6, 32)


def test_a_text_is_read_once(teacher: Path, tmp_path: Path) -> None:
    told: list[str] = []
    first = read_teachers([Teacher(teacher)], TAGS, WINDOWS, tmp_path, told.append)
    assert len(told) == 1
    second = read_teachers([Teacher(teacher)], TAGS, WINDOWS, tmp_path, told.append)
    assert len(told) == 1
    assert np.array_equal(first.logits[0], second.logits[0])
    read_teachers([Teacher(teacher)], TAGS, WINDOWS[:2], tmp_path, told.append)
    assert len(told) == 2


@pytest.mark.thorough
def test_a_student_of_another_family_learns_labels_it_is_never_shown(
    teacher: Path, tiny_base: Path, small_set: Path, tmp_path: Path
) -> None:
    nameless = tmp_path / "nameless.conll"
    nameless.write_text("be\tO\n\nda\tO\n", encoding="utf-8")
    recipe = Recipe(
        train=(RecipeSource(nameless, annotated=()),),
        unlabelled=(RecipeSource(small_set),),
        dev=(RecipeSource(small_set),),
        teachers=(Teacher(teacher, ((1, 1), (2, 2))), Teacher(teacher)),
        labels=("PER", "ORG", "LOC"),
        options=replace(OPTIONS, distillation=0.9),
    )
    report = train(recipe, tiny_base, tmp_path / "student", teacher_cache=tmp_path / "cache")
    assert report.accuracy["small"] > 0.9
    assert not any("projection" in name for name in load_classifier(report.folder).state_dict())
    told = json.loads((report.folder / "training.json").read_text())
    assert told["teachers"] == ["teacher", "teacher"]
    assert (tmp_path / "cache").is_dir()


def test_a_cut_teacher_is_a_student(teacher: Path, small_set: Path, tmp_path: Path) -> None:
    recipe = Recipe(
        train=(RecipeSource(small_set),),
        teachers=(Teacher(teacher, ((2, 1),)),),
        layers=(2,),
        labels=("LOC", "ORG", "PER"),
        options=replace(OPTIONS, epochs=1),
    )
    folder = train(recipe, teacher, tmp_path / "student").folder
    config = json.loads((folder / "config.json").read_text())
    assert config["num_hidden_layers"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["student"]


def test_layers_that_are_not_there_are_named(tiny_base: Path) -> None:
    model: Any = load_base(tiny_base, TAGS, letter_shapes=False, seed=1)
    with pytest.raises(ModelError, match="has 2"):
        keep_layers(model, (1, 3))
    keep_layers(model, (2,))
    assert len(model.bert.encoder.layer) == 1


def test_a_teacher_that_cannot_teach_is_refused(teacher: Path, tiny_base: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="tags"):
        read_teachers([Teacher(teacher)], tag_names(["PER"]), WINDOWS, tmp_path)
    with pytest.raises(ModelError, match="hidden_7"):
        read_teachers([Teacher(teacher, ((7, 1),))], TAGS, WINDOWS, tmp_path)
    with pytest.raises(ModelError, match=r"config\.json"):
        read_teachers([Teacher(tmp_path)], TAGS, WINDOWS, tmp_path)


def test_text_of_a_folder_is_read_without_its_tags(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rains. So what?\n", encoding="utf-8")
    (tmp_path / "b.conll").write_text("Oslo\tB-LOC\n\nyes\tO\n", encoding="utf-8")
    corpus = load_text(RecipeSource(tmp_path))
    assert [[" ".join(each.words) for each in document] for document in corpus.documents] == [
        ["It rains .", "So what ?"],
        ["Oslo", "yes"],
    ]
    assert {row for document in corpus.documents for each in document for row in each.targets} == {IGNORED}


def test_recipes_of_students(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text(
        'layers = [1, 3]\n[[train]]\npath = "a"\n[[teacher]]\npath = "t"\nmatch = [[4, 1], [12, 2]]\n'
        '[[unlabelled]]\npath = "b"\nkind = "messages"\n'
    )
    recipe = load_recipe(path, tmp_path)
    assert recipe.layers == (1, 3)
    assert recipe.teachers == (Teacher(tmp_path / "t", ((4, 1), (12, 2))),)
    assert recipe.unlabelled == (RecipeSource(tmp_path / "b", kind="messages"),)
    for wrong in ("[4, 1]", "[[4]]", '"last"'):
        path.write_text(f'[[train]]\npath = "a"\n[[teacher]]\npath = "t"\nmatch = {wrong}\n')
        with pytest.raises(InputError, match="match ="):
            load_recipe(path, tmp_path)
