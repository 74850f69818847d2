"""Broken files: the bytes of good ones changed at random, and what must hold for whatever comes of it."""

from __future__ import annotations

import io
import random
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import InputError
from ner_tui.formats import Inference, Source, WriteOptions, infer_format, open_source, read, write
from ner_tui.formats.columns.inplace_edit import can_rewrite, in_scheme, rewrite
from ner_tui.formats.files.writing_back import require_exact
from ner_tui.formats.tagged import tag_spans

TIME_LIMIT = 60
"""Seconds after which a file of a few kilobytes counts as a hang."""

UD = b"\t_\t_\t_\t_\t_\t_\t_\t"
SAMPLES: dict[str, bytes] = {
    "two.conll": b"# text\nAda B-PER\nsaw O\nNew B-LOC\nYork I-LOC\n. O\n\nBob B-PER\nslept O\n",
    "four.txt": b"-DOCSTART- -X- O O\n\nAda NNP I-NP I-PER\nBob NNP I-NP B-PER\nleft VBD I-VP O\n. . O O\n\n"
    b"-DOCSTART- -X- O O\n\nSo RB O O\nsaid VBD O O\nEU NNP I-NP I-ORG\n",
    "tabs.tsv": b"New York\tS-LOC\nis\tO\n#big\tO\n\t\n@ada\tB-PER\nx\tI-PER\ny\tE-PER\n \n:)\tO\n",
    "levels.tsv": b"#\thttp://x\n1\tBank\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tJersey\tI-ORG\tB-LOC\n\n1\tAda\tB-PERpart\tO\n",
    "header.tsv": b"TOKEN\tNE-COARSE-LIT\tNE-FINE-LIT\tMISC\n# hipe2022:document_id = a\nAda\tB-pers\tB-pers.ind\t_\n"
    b"left\tO\tO\tNoSpaceAfter|EndOfSentence\nSo\tO\tO\t_\n",
    "neat.tsv": b"No.\tTOKEN\tNE-TAG\tNE-EMB\n0\t\tO\tO\n1\tBerlin\tB-LOC\tO\n2\tist\tO\tO\n0\t\tO\tO\n"
    b"1\tAda\tB-PER\tO\n",
    "plus.conllup": b"# global.columns = ID NER FORM MISC\n1\tB-PER\tAda\tSpaceAfter=No\n2\tO\t.\t_\n",
    "ud.conllu": UD.join([
        b"# newdoc\n1\tAda", b"NER=B-PER|SpaceAfter=No\n2-3\tdu", b"_\n2\tde", b"NER=B-LOC\n3\tle",
        b"NER=I-LOC\n3.1\tx", b"_\n4\tlac", b"NER=I-LOC\n5\t.", b"_\n",
    ]),
    "bare.txt": b"Ada PER\nis O\nin O\nYork LOC\n. O\n\nso O\n",
    "bilou.bilou": b"Ada U-PER\r\nsaw O\r\nNew B-LOC\r\nYork L-LOC\r\n\r\nso O\r\n",
    "words.conll": b"Ada\nleft\n.\n\nSo\n",
    "latin.conll": "Peña B-PER\nsalió O\n".encode(),
    "ragged.iob2": b"# text = x\n1\tAl\tB-ORG\t-\tann\n2\tis\tO\n3\tit\tB-OTH\t-\tann\n\n",
}  # fmt: skip

PIECES = [
    b"\n", b"\r\n", b"\r", b"\t", b" ", b"  ", b"\n\n", b" \n", b"\t\n", b"#", b"# ", b"-", b"_", b"O", b"B-", b"E-X",
    b"I-PER", b"-DOCSTART- O\n", b"0\t\tO\tO\n", b"1-2\t", b"1.1\t", b"=", b"|", b"NER=", b"NER=B-X|NER=O", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\x00", b"\x85", b"\xc2\x85", b"\xe2\x80\xa8", b"\xc2\xa0", b"\xe2\x80\x8b", b"\x1b[31m",
    b"\xff", b"B-PER\n", b"a O\n", b"a\tB-X\n", "é".encode(), "𐍈".encode(), b"# global.columns = FORM NER\n",
    b"99999999999999999999\t", b"\x1c", b"\x0c",
]  # fmt: skip


def mutated(rng: random.Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    """Return ``raw`` after one to four changes."""
    data = bytearray(raw)
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(data))
        end = min(len(data), at + rng.choice([1, 1, 2, 5, 20]))
        what = rng.randrange(7)
        if what <= 1:
            data[at:at] = rng.choice(PIECES)
        elif what == 2:
            del data[at:end]
        elif what == 3:
            data[at:end] = rng.choice(PIECES)
        elif what == 4:
            data[at:end] = bytes(rng.randrange(rng.choice([128, 256])) for _ in range(end - at))
        elif what == 5:
            data[at:at] = data[at:end] * rng.randint(1, 3)
        else:
            other = rng.choice(others)
            cut = rng.randint(0, len(other))
            data[at:at] = other[cut : cut + rng.randint(0, 60)]
    return bytes(data)


def files(number: int, seed: int, seeds: dict[str, bytes] | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of broken files."""
    rng = random.Random(seed)
    known = list((seeds or SAMPLES).items())
    for _ in range(number):
        name, raw = rng.choice(known)
        yield name, mutated(rng, raw, [content for _, content in known])


@contextmanager
def limited() -> Iterator[None]:
    """Raise TimeoutError in the block after ``TIME_LIMIT`` seconds."""

    def ring(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"more than {TIME_LIMIT} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(TIME_LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def try_file(path: Path) -> str:
    """Do with a file all that can be done, and return how it ended: ``read`` or ``refused``.

    Raises:
        AssertionError: bytes, words or spans got lost and nothing was said.
        Exception: anything else than a sentence for people.
    """
    with limited():
        try:
            source = open_source(str(path))
            inference = infer_format(source)
            items = list(read(source, inference=inference))
        except InputError as error:
            return "refused" if "\n" not in str(error) else "told in several lines"
        _try_in_place(source, inference, items)
        _try_writing(source, inference, items)
    return "read"


def _try_in_place(source: Source, inference: Inference, items: list[StreamItem]) -> None:
    try:
        require_exact(source)
    except InputError:
        return
    if not can_rewrite(inference):
        return
    assert "".join(rewrite(source, inference, items)) == source.text
    wanted = [
        replace(item, spans=tuple(replace(span, label=f"{span.label}x") for span in item.spans))
        if isinstance(item, AnnotatedSentence)
        else item
        for item in items
    ]
    try:
        made = _with_text(source, "".join(rewrite(source, inference, wanted)))
        assert _spans(read(made, inference=inference)) == _spans(wanted)
        made = _with_text(source, "".join(in_scheme(source, inference, "bioes")))
    except InputError:
        return
    if inference.scheme != "io":
        assert _spans(read(made, inference=inference)) == _spans(items)


def _try_writing(source: Source, inference: Inference, items: list[StreamItem]) -> None:
    for separator in " \t":
        told: list[str] = []
        out = io.StringIO(newline="")
        items = [replace(item, name=source.path) if isinstance(item, DocumentStart) else item for item in items]
        write(items, out, WriteOptions("conll", "iob2", separator, told.append, told.append))
        words = sum(len(item.sentence.tokens) for item in items if isinstance(item, AnnotatedSentence))
        if words < 3:
            continue
        written = replace(source, path="x.conll", text=out.getvalue())
        fixed = Inference("conll", "", "iob2", separator, tag_column=1, columns=frozenset({2}))
        back = list(read(written, inference=fixed))
        assert len(_spans(back)) == len(_spans(items))
        if not told:
            assert _spans(back) == _spans(items)
            assert _words(back) == _words(items)

    told = []
    out = io.StringIO(newline="")
    write(items, out, WriteOptions("conllu", "iob2", tell=told.append, lossy=told.append))
    kept = [item for item in items if isinstance(item, AnnotatedSentence) and item.sentence.tokens]
    fixed = Inference("conllu", "", "iob2", key="NER")
    made = [i for i in read(replace(source, text=out.getvalue()), inference=fixed) if isinstance(i, AnnotatedSentence)]
    assert len(made) == len(kept)
    if not told:
        assert [(i.sentence.text, i.spans) for i in made] == [(i.sentence.text, i.spans) for i in kept]


def _with_text(source: Source, text: str) -> Source:
    return replace(source, text=text)


def _spans(items: Iterator[StreamItem] | list[StreamItem]) -> list[list[TagSpan]]:
    return [tag_spans(i) for i in items if isinstance(i, AnnotatedSentence) and i.sentence.tokens]


def _words(items: list[StreamItem]) -> list[list[str]]:
    return [item.sentence.words for item in items if isinstance(item, AnnotatedSentence) and item.sentence.tokens]
