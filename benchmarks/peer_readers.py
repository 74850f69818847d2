"""Whether other programs read the spans we write, from the very files we write for them.

    pip install seqscore nervaluate spacy
    python benchmarks/peer_readers.py DATA...

Each file of columns under DATA is read by us, written as a person would export it for the peer, and read back by the
peer's own reader: seqscore (two columns by a space, scheme BIO), nervaluate (two columns by TAB, no document marks) and
``spacy convert -c ner`` (the four columns of CoNLL-2003). Prints a row for each file; where spans differ or the reader
fails, the first word of the sentence and what it said.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from ner_tui.domain.schemes import TagSpan
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, StreamItem
from ner_tui.errors import EncodingError, InputError
from ner_tui.formats import WriteOptions, infer_format, open_source, read, write
from ner_tui.formats.tagged import tag_spans

Sentences = list[list[TagSpan]]


def seqscore(items: Sequence[StreamItem]) -> Sentences:
    """Read as ``seqscore score --labels BIO`` does."""
    from seqscore.conll import CoNLLIngester, LineSpec
    from seqscore.encoding import get_encoding

    ingester = CoNLLIngester(get_encoding("BIO"), LineSpec(0, -1))
    documents = ingester.ingest(io.StringIO(written(items, "conll", " ")), "ours", None, quiet=True)
    return [
        [TagSpan(mention.span.start, mention.span.end, mention.type) for mention in sentence.mentions]
        for document in documents
        for sentence in document
    ]


def nervaluate(items: Sequence[StreamItem]) -> Sentences:
    """Read as ``Evaluator(…, loader="conll")`` does; it knows no document marks."""
    from nervaluate.loaders import ConllLoader

    sentences = [item for item in items if isinstance(item, AnnotatedSentence)]
    found = ConllLoader().load(written(sentences, "conll", "\t"))
    return [[TagSpan(entity.start, entity.end + 1, entity.label) for entity in sentence] for sentence in found]


def spacy(items: Sequence[StreamItem]) -> Sentences:
    """Read as ``spacy convert -c ner`` does."""
    from spacy.training.converters import conll_ner_to_docs

    found: Sentences = []
    for document in conll_ner_to_docs(written(items, "conll2003", " "), n_sents=0, no_print=True):
        starts = [token.i for token in document if token.is_sent_start] + [len(document)]
        for start, end in pairwise(starts):
            found.append(
                [TagSpan(e.start - start, e.end - start, e.label_) for e in document.ents if start <= e.start < end]
            )
    return found


PEERS: dict[str, Callable[[Sequence[StreamItem]], Sentences]] = {
    "seqscore": seqscore, "nervaluate": nervaluate, "spacy convert": spacy
}  # fmt: skip


def written(items: Sequence[StreamItem], fmt: str, separator: str) -> str:
    """Return what we write of a stream."""
    out = io.StringIO(newline="")
    write(items, out, WriteOptions(fmt, "iob2", separator, lambda _: None, lambda _: None))
    return out.getvalue()


def verdict(peer: Callable[[Sequence[StreamItem]], Sentences], items: Sequence[StreamItem]) -> str:
    """Return ``yes``, or what is different."""
    sentences = [item for item in items if isinstance(item, AnnotatedSentence) and item.sentence.tokens]
    try:
        found = peer(items)
    except Exception as error:
        return f"fails: {' '.join(str(error).split())[:80] or type(error).__name__}"
    if len(found) != len(sentences):
        return f"reads {len(found):,} sentences for {len(sentences):,}"
    for item, spans in zip(sentences, found, strict=True):
        if sorted(spans) != tag_spans(item):
            return f"differs at line {item.sentence.line}: {' '.join(item.sentence.words)[:40]!r}"
    return "yes"


def files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and file.suffix not in (".json", ".md", ".ner"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path)
    print(f"| file | {' | '.join(PEERS)} |\n|---|{'---|' * len(PEERS)}")
    for path in files(parser.parse_args().data):
        try:
            try:
                source = open_source(str(path))
            except EncodingError:
                source = open_source(str(path), "latin-1")
            inference = infer_format(source)
            if inference.scheme is None:
                continue
            items = [
                item
                for item in read(source, inference=inference)
                if isinstance(item, DocumentStart | AnnotatedSentence)
            ]
        except InputError as refused:
            print(f"{path}: {refused}", file=sys.stderr)
            continue
        print(f"| {path.name} | {' | '.join(verdict(peer, items) for peer in PEERS.values())} |", flush=True)


if __name__ == "__main__":
    main()
