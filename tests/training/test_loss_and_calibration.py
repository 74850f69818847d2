"""Partial targets, the temperature and the calibration error."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnxruntime")

import torch

from ner_tui.domain.evaluation.scoring import figures
from ner_tui.training.calibration import calibrate, expected_error, fit_temperature
from ner_tui.training.data import IGNORED, Targets, tag_names
from ner_tui.training.loop import autocast, partial_loss
from ner_tui.training.measure import Scored


def test_a_target_of_one_tag_is_cross_entropy() -> None:
    logits = torch.randn(3, 5, 4)
    targets = torch.randint(0, 4, (3, 5))
    expected = torch.nn.functional.cross_entropy(logits.view(-1, 4), targets.view(-1))
    assert torch.allclose(partial_loss(logits, targets, torch.eye(4).bool()), expected)


def test_a_doubtful_o_costs_what_its_tags_lack_together() -> None:
    targets = Targets(tag_names(["MISC", "PER"]))
    row = targets.row("O", ["PER"])
    table = torch.tensor(targets.table())
    masses = torch.tensor([[[0.2, 0.3, 0.1, 0.3, 0.1]]])
    loss = partial_loss(masses.log(), torch.tensor([[row]]), table)
    assert float(loss) == pytest.approx(-math.log(0.6))


@pytest.mark.parametrize(
    ("processor", "bf16", "kind"),
    [
        ("AVX512", True, torch.bfloat16),
        ("AVX2", True, torch.float32),
        ("DEFAULT", True, torch.float32),
        ("AVX512", False, torch.float32),
    ],
)
def test_products_are_done_in_bf16_where_the_processor_has_them(
    monkeypatch: pytest.MonkeyPatch, processor: str, bf16: bool, kind: torch.dtype
) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: processor)
    with autocast(bf16):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == kind


def test_ignored_words_have_no_gradient() -> None:
    logits = torch.randn(1, 2, 3, requires_grad=True)
    partial_loss(logits, torch.tensor([[0, IGNORED]]), torch.eye(3).bool()).backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert bool((logits.grad[0, 1] == 0).all())
    assert bool((logits.grad[0, 0] != 0).any())


def overconfident(words: int = 4000, factor: float = 3.0) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw gold from logits, then give the logits times a factor."""
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(words, 5, generator=generator, dtype=torch.float64)
    gold = torch.multinomial(logits.softmax(1), 1, generator=generator)
    return logits * factor, torch.zeros(words, 5).scatter_(1, gold, 1).bool()


def test_the_temperature_undoes_overconfidence() -> None:
    logits, admitted = overconfident()
    assert fit_temperature(logits, admitted) == pytest.approx(3.0, rel=0.1)


def test_calibration_lowers_likelihood_loss_and_error() -> None:
    logits, admitted = overconfident()
    calibration = calibrate([Scored("set", logits.float(), admitted, figures(0, 0, 0))])
    assert calibration.nll[1] < calibration.nll[0]
    assert calibration.error[1] < calibration.error[0] / 3
    assert calibration.name_error[1] < calibration.name_error[0]


def test_certain_and_right_has_no_error() -> None:
    assert expected_error(torch.eye(4) * 100, torch.eye(4).bool()) == pytest.approx(0, abs=1e-6)


def test_certain_and_wrong_has_all_of_it() -> None:
    assert expected_error(torch.eye(4) * 100, torch.eye(4).bool().roll(1, 0)) == pytest.approx(1, abs=1e-6)
