"""Score what a head learns from a few sentences on frozen states of an encoder.

    python -m benchmarks.fewshot SET [--model DIR]... [--sentences 20,100] [--draws 2]

SET is a CoNLL file whose labels no model knows, such as CrossNER's music. The head is multinomial and logistic, on the
first sub-token's states of the layers at a third, two thirds and the end of the encoder side by side; it is fitted by
L-BFGS with L2 1e-4 of the mean loss, and spans are those of the best legal sequence of IOB2 tags. Each draw learns from
so many sentences and is scored on up to 250 others; printed is the mean of strict span F1.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper

from ner_tui.domain.evaluation.scoring import figures
from ner_tui.domain.evaluation.strict import strict_decode
from ner_tui.predictors import BUNDLED_MODELS
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.onnx import read_tokenizer
from ner_tui.training.batches import WindowEncoder
from ner_tui.training.data import IGNORED, TrainingSentence, read_sentences
from ner_tui.training.export import output_layers

TESTED = 250
LENGTH = 8.0
"""Rows are scaled so that they are of this length on the mean."""
L2 = 1e-4


@dataclass(frozen=True)
class Words:
    """A sentence's states and tags."""

    states: NDArray[np.float32]
    tags: list[str]


def read_states(folder: Path, path: Path) -> list[Words]:
    checkpoint = Checkpoint.read(folder, str(folder))
    weights = checkpoint.weights("onnx")
    assert weights is not None
    model = onnx.load(str(weights.files[0]))
    # Two norms a layer, and one behind the embedding.
    norms = [node.output[0] for node in model.graph.node if node.op_type == "LayerNormalization"]
    asked = [norms[2 * layer] for layer in output_layers(len(norms) // 2)]
    known = {each.name for each in model.graph.output}
    model.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in asked if name not in known
    )
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [given.name for given in session.get_inputs()]
    encoder = WindowEncoder(
        read_tokenizer(checkpoint), letter_shapes=checkpoint.letter_shapes, max_pieces=512, pad_id=0
    )
    sentences = [sentence for document in read_sentences(path) for sentence in document]
    windows = encoder.encode([TrainingSentence(tuple(words), (IGNORED,) * len(words)) for words, _ in sentences])
    found = []
    for window, (words, tags) in zip(windows, sentences, strict=True):
        ids = np.array([window.ids])
        values = {"input_ids": ids, "token_type_ids": np.array([window.types]), "attention_mask": np.ones_like(ids)}
        states = np.concatenate(session.run(asked, {name: values[name] for name in names}), axis=2)[0]
        rows = np.zeros((len(words), states.shape[1]), dtype=np.float32)
        for place, head in enumerate(window.heads):
            if head >= 0:
                rows[head] = states[place]
        found.append(Words(rows, tags))
    return found


def fit(sentences: Sequence[Words], tags: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = torch.from_numpy(np.concatenate([each.states for each in sentences]))
    targets = torch.tensor([tags.index(tag) for each in sentences for tag in each.tags])
    weights = torch.zeros(rows.shape[1], len(tags), requires_grad=True)
    bias = torch.zeros(len(tags), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=200, history_size=10, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(rows @ weights + bias, targets) + L2 * weights.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach(), bias.detach()


def best_tags(logs: NDArray[np.float32], tags: Sequence[str]) -> list[str]:
    """The likeliest sequence in which an I- only follows its own label."""
    legal = np.array([[to[:2] != "I-" or before[2:] == to[2:] for to in tags] for before in tags])
    barred = np.where(legal, 0.0, -np.inf)
    total = np.where([tag[:2] == "I-" for tag in tags], -np.inf, logs[0])
    back = []
    for row in logs[1:]:
        paths = total[:, None] + barred
        back.append(paths.argmax(axis=0))
        total = paths.max(axis=0) + row
    at = [int(total.argmax())]
    for step in reversed(back):
        at.append(int(step[at[-1]]))
    return [tags[place] for place in reversed(at)]


def score(sentences: Sequence[Words], number: int, draws: int) -> float:
    tags = sorted({tag for each in sentences for tag in each.tags})
    tags += [f"I-{tag[2:]}" for tag in tags if tag[:2] == "B-" and f"I-{tag[2:]}" not in tags]
    mean = np.mean([np.linalg.norm(row) for each in sentences[:50] for row in each.states])
    scaled = [Words(each.states * np.float32(LENGTH / mean), each.tags) for each in sentences]
    found = []
    for draw in range(draws):
        order = list(range(len(scaled)))
        Random(draw).shuffle(order)
        learnt = [scaled[at] for at in order[:number]]
        tested = [scaled[at] for at in order[number : number + TESTED]]
        weights, bias = fit(learnt, tags)
        correct = predicted = support = 0
        for each in tested:
            logs = torch.log_softmax(torch.from_numpy(each.states) @ weights + bias, dim=1).numpy()
            ours, gold = (set(strict_decode(row, "iob2")) for row in (best_tags(logs, tags), each.tags))
            correct, predicted, support = correct + len(ours & gold), predicted + len(ours), support + len(gold)
        found.append(figures(correct, predicted, support).f1)
    return 100 * float(np.mean(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path)
    parser.add_argument("--model", type=Path, action="append", help="checkpoint folder (default: the bundled models)")
    parser.add_argument("--sentences", default="20,100")
    parser.add_argument("--draws", type=int, default=2)
    arguments = parser.parse_args()
    numbers = [int(each) for each in arguments.sentences.split(",")]
    print(f"{'model':40}" + "".join(f"{number:>8}" for number in numbers))
    for folder in arguments.model or BUNDLED_MODELS.values():
        sentences = read_states(folder, arguments.set)
        cells = [f"{score(sentences, number, arguments.draws):8.1f}" for number in numbers]
        print(f"{folder.name:40}" + "".join(cells), flush=True)


if __name__ == "__main__":
    main()
