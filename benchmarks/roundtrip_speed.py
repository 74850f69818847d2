"""How fast ``convert`` goes through columns and records, for ``roundtrip``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeGuard

from roundtrip_reading import opened

from ner_tui.cli import main as main_command
from ner_tui.domain.stream import AnnotatedSentence, Problem, StreamItem
from ner_tui.formats import (
    FORMATS,
    READERS,
    WRITERS,
    Inference,
    Source,
    WriteOptions,
    read,
    write,
)


def speed(path: Path) -> None:
    """Print speeds of the command in this process, inference included, in its processor time."""
    source, inference = opened(path)
    words = sum(map(len, (item.sentence.tokens for item in read(source, inference=inference) if _is_sentence(item))))
    ways = {"same bytes": [], "in place, another scheme": ["--scheme", "bioes"], "to two columns": ["--to", "conll"]}
    print(f"\n{path.name}, {words:,} tokens, from file to file:")
    with TemporaryDirectory() as name:
        folder = Path(name)
        for way, options in ways.items():
            print(f"- {way}: {words / _converted(path, folder / 'out', options):,.0f} tokens a second")
        emoji = folder / f"emoji{path.suffix}"
        emoji.write_text(_with_emoji(source, inference), encoding="utf-8")
        print("\n| format | from columns | to columns | with emoji, to columns |\n|---|---|---|---|")
        for fmt in [
            fmt for fmt in WRITERS if fmt in READERS and FORMATS[fmt].module not in ("columns.conll", "standoff.brat")
        ]:
            there, back = folder / f"there{FORMATS[fmt].extension}", folder / "back.conll"
            with redirect_stderr(io.StringIO()):
                if main_command(["convert", str(path), "-o", str(there), "--on-loss", "warn", "--to", fmt]) == 2:
                    # It holds one document a file, or a package is missing.
                    continue
            times = [_converted(path, there, ["--to", fmt]), _converted(there, back, ["--to", "conll"])]
            _converted(emoji, there, ["--to", fmt])
            times.append(_converted(there, back, ["--to", "conll"]))
            print(f"| {fmt} | {' | '.join(f'{words / seconds:,.0f}' for seconds in times)} |", flush=True)


def _with_emoji(source: Source, inference: Inference) -> str:
    """Return two columns with an emoji after each “the”: offsets may be UTF-16 units then."""
    out = io.StringIO(newline="")
    items = [item for item in read(source, inference=inference) if not isinstance(item, Problem)]
    write(items, out, WriteOptions("conll", inference.scheme or "iob2", "\t", lambda _: None, lambda _: None))
    return out.getvalue().replace("\nthe\t", "\nthe\U0001f600\t")


def _converted(path: Path, out: Path, options: Sequence[str]) -> float:
    """Return the median seconds of five runs."""
    times = []
    for _ in range(5):
        begun = process_time()
        with redirect_stderr(io.StringIO()):
            main_command(["convert", str(path), "-o", str(out), "--on-loss", "warn", *options])
        times.append(process_time() - begun)
    return sorted(times)[len(times) // 2]


def _is_sentence(item: StreamItem) -> TypeGuard[AnnotatedSentence]:
    return isinstance(item, AnnotatedSentence)
