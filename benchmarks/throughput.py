"""Label sentences in a process of its own, and say how fast: ours or the transformers pipeline.

    python -m benchmarks.throughput ours MODEL FILE... [--sentences N]
    python -m benchmarks.throughput pipeline CHECKPOINT FILE... [--sentences N] [--batch N]
    python -m benchmarks.throughput agreement CHECKPOINT FILE... [--sentences N] [--fast MODEL]

Prints one JSON object. What is timed is labelling: from sentences to spans, with the model loaded and warm. The
pipeline gets each sentence as a string; ours gets documents, and reads sentences among their neighbours.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span
from ner_tui.domain.stream import AnnotatedSentence
from ner_tui.formats import infer_format, open_source, read

WARM_UP = 64
"""Sentences that are labelled before the clock starts."""
TRIED = (1, 8, 32, 128)
"""Batch sizes of which the pipeline gets its best."""
TRIAL = 400
"""Sentences on which they are tried."""

Documents = list[list[AnnotatedSentence]]


def read_documents(files: list[str], most: int) -> Documents:
    """Read up to ``most`` sentences of CoNLL files, by document."""
    documents: Documents = []
    left = most
    for file in files:
        source = open_source(file)
        documents.append([])
        for item in read(source, inference=infer_format(source, None)):
            if not isinstance(item, AnnotatedSentence):
                documents.append([])
            elif left:
                documents[-1].append(item)
                left -= 1
    return [document for document in documents if document]


def plain(documents: Documents) -> list[list[Sentence]]:
    return [[annotated.sentence for annotated in document] for document in documents]


def label(model: str, documents: list[list[Sentence]]) -> float:
    """Label documents with this program; return seconds."""
    from ner_tui.domain.blocks import blocks
    from ner_tui.predictors import load
    from ner_tui.predictors.suggesting import suggest, suggest_ahead

    predictor = load(model)
    suggest(predictor, documents[0][:WARM_UP])
    begun = time.perf_counter()
    for _ in suggest_ahead(predictor, (block for document in documents for block in blocks(document))):
        pass
    return time.perf_counter() - begun


def label_by_pipeline(checkpoint: str, documents: list[list[Sentence]], batch: int | None) -> tuple[float, int]:
    """Label documents with transformers, in fp32; return seconds and the batch size."""
    from transformers import pipeline
    from transformers.utils import logging

    logging.set_verbosity_error()
    texts = [" ".join(sentence.words) for document in documents for sentence in document]
    labeller = pipeline("token-classification", model=checkpoint, device="cpu", aggregation_strategy="simple")

    def run(texts: list[str], size: int) -> float:
        begun = time.perf_counter()
        for _ in labeller(texts, batch_size=size):
            pass
        return time.perf_counter() - begun

    run(texts[:WARM_UP], 8)
    best = batch or min(TRIED, key=lambda size: run(texts[:TRIAL], size))
    return run(texts, best), best


def agree(checkpoint: str, model: str, documents: Documents) -> dict[str, float]:
    """Compare a model's tags and F1 with those of its checkpoint in fp32, by our own road in both."""
    from ner_tui.domain.blocks import blocks
    from ner_tui.domain.decoding import decode_block
    from ner_tui.domain.tag_chain import TagColumns
    from ner_tui.predictors import load
    from ner_tui.predictors.checkpoint import Checkpoint
    from ner_tui.predictors.transformer import open_transformer

    folder = Checkpoint.read(Path(checkpoint), checkpoint)
    weights = folder.weights("safetensors")
    assert weights is not None
    predictors = (load(model), open_transformer(folder, weights))
    assert predictors[0].info.tags == predictors[1].info.tags
    columns = TagColumns.of(predictors[0].info.tags, None)
    words = equal = wanted = 0
    right, made = [0, 0], [0, 0]
    for document in documents:
        gold = iter(document)
        for block in blocks([annotated.sentence for annotated in document]):
            rows = [[each.probabilities for each in predictor.predict(block, "document")] for predictor in predictors]
            for ours, exact in zip(*rows, strict=True):
                words += len(ours)
                equal += int((ours.argmax(axis=1) == exact.argmax(axis=1)).sum())
            found = [decode_block(block, of_one, columns) for of_one in rows]
            for annotated, *suggested in zip((next(gold) for _ in block), *found, strict=True):
                spans: set[Span] = set(annotated.spans)
                wanted += len(spans)
                for which, suggestions in enumerate(suggested):
                    right[which] += len(spans & {each.span for each in suggestions})
                    made[which] += len(suggestions)
    f1, exact_f1 = (200 * r / max(m + wanted, 1) for r, m in zip(right, made, strict=True))
    return {"words": words, "equal_tags": equal / words, "f1": f1, "fp32_f1": exact_f1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["ours", "pipeline", "agreement"])
    parser.add_argument("model")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--sentences", type=int, default=5_000)
    parser.add_argument("--batch", type=int, help="of the pipeline (default: the best of a few)")
    parser.add_argument("--fast", default="bundled", help="what is held against the checkpoint, for agreement")
    options = parser.parse_args()
    documents = read_documents(options.files, options.sentences)
    words = sum(len(each.sentence.tokens) for document in documents for each in document)
    if options.what == "agreement":
        print(json.dumps(agree(options.model, options.fast, documents)))
    elif options.what == "ours":
        print(json.dumps({"words": words, "seconds": label(options.model, plain(documents))}))
    else:
        seconds, batch = label_by_pipeline(options.model, plain(documents), options.batch)
        print(json.dumps({"words": words, "seconds": seconds, "batch": batch}))


if __name__ == "__main__":
    main()
