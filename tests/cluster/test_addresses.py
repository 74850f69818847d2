"""Where a cluster is looked for."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.cluster.ray_engine import cluster
from ner_tui.errors import InputError

pytest.importorskip("ray", reason="Ray is not installed: pip install 'ner-tui[ray]'")


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_an_address_where_nothing_answers_is_refused_before_ray_tries_for_minutes(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    def init(*_: object, **__: object) -> None:
        raise AssertionError("Ray was asked")

    monkeypatch.setattr("ray.init", init)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match="Ray was asked"), cluster(f"{scheme}127.0.0.1:{port}"):
            pass
    refused = pytest.raises(InputError, match=rf"127.0.0.1:{port}: nothing answers there .*ray start --head")
    with refused, cluster(f"{scheme}127.0.0.1:{port}"):
        pass


def test_nothing_is_left_where_no_cluster_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Ada left.\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for out in ("out/", "out.conll"):
        assert main(["predict", "a.txt", "--model", "fast", "--ray", f"127.0.0.1:{port}", "-o", out]) == 2
    assert "not finished" not in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
