"""Agreement of several annotators: the figures are those of the packages that people compare with.

``VALUES`` was computed once with scikit-learn 1.9.1 (``cohen_kappa_score``), krippendorff 0.9.0 (``alpha``, nominal)
and seqeval 1.2.2 (``f1_score``) from the tags in ``ANNOTATORS``; Fleiss' kappa and the alpha of spans from their
definitions, as sums over all words and all pairs of units.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import groupby, pairwise

import numpy as np
import pytest

from ner_tui.domain.evaluation.agreeing import agreement
from ner_tui.domain.evaluation.agreement_figures import AgreementFigures
from ner_tui.domain.evaluation.labelled_texts import LabelledText, in_common, shared_texts

LABELS = {"P": "PER", "O": "ORG", "L": "LOC"}
NAMES = tuple(LABELS.values())
ANNOTATORS = (
    "Pp.Ooo...Ppp...Oo.....P.....Ppp...........Ll.Ooo...Ooo....Oo..Ll.......P.....L.."
    "................O.....Ll..P..Pp.P.Ppp.......O......O............Ppp............."
    ".O..........P...P......Ppp......Pp...O..Oo......P.P......Ppp.L.....P.Lll.L......",
    "Pp.Ooo...Ppp...Pp.....P.....Ppp...........Ll.Ooo...Ooo....P......L.....P.....L.."
    "...........L....O.....Ll..L..Pp.L.Ppp.O............O............Ppp............."
    "............P...L......Ooo......Pp...O..Oo......P.P......Ppp.L.....P.....L......",
    "P..Ooo...Ppp...Oo.....P.....Ppp...........Ll.Ooo...Ppp....Pp..L..L.....P.....L.."
    "...........L..........L...O..Pp.L.Ppp.O...O.O......O............Ppp............."
    ".O..........P...L......Ppp......Pp...L..Oo......P.P......Ppp.L.....L.Lll.L......",
)
"""A letter for each word: a large one begins a span, a small one goes on with it."""
PAIRS = {
    (0, 1): {"kappa": 0.8049256278956352, "f1": 0.732394366197183, "f1_unlabelled": 0.8732394366197184},
    (0, 2): {"kappa": 0.8297469851028612, "f1": 0.6666666666666666, "f1_unlabelled": 0.8533333333333333},
    (1, 2): {"kappa": 0.7856272838002436, "f1": 0.6756756756756757, "f1_unlabelled": 0.8378378378378378},
}
PAIR_LABELS = {
    (0, 1): {"LOC": (0.5614035087719298, 0.5882352941176471), "PER": (0.8356164383561644, 0.823529411764706)},
    (0, 2): {"LOC": (0.696969696969697, 0.5), "ORG": (0.7, 0.6666666666666666)},
    (1, 2): {"ORG": (0.5569620253164558, 0.5263157894736842), "PER": (0.7990867579908676, 0.75)},
}
"""Cohen's kappa and F1."""
ALPHA, FLEISS, ALPHA_SPANS = 0.8072110400057202, 0.8069429051517641, 0.7627849921094361
ALPHAS = {
    "LOC": (0.656360294117647, 0.6618377937694997),
    "ORG": (0.660132354576799, 0.691178518894573),
    "PER": (0.8199619391025641, 0.8368611905446366),
}
"""Over words and over spans."""


def text(tags: str, name: str = "text", words: list[str] | None = None, confirmed: str = "") -> LabelledText:
    """Return a text of words of 12 a sentence with the spans that its letters say."""
    words = words or [f"w{at}" for at in range(len(tags))]
    begins = [at for at, letter in enumerate(tags) if letter.isupper()]
    rows = []
    for begin, following in pairwise([*begins, len(tags)]):
        size = next(len(list(group)) for same, group in groupby(tags[begin + 1 : following] + ".", str.islower))
        end = begin + 1 + (size if tags[begin + 1 : begin + 2].islower() else 0)
        rows.append((begin, end, "POL".index(tags[begin])))
    stops = [*range(12, len(tags), 12), len(tags)]
    return LabelledText(
        name,
        "".join(words),
        np.cumsum([len(word) for word in words]),
        np.array(stops),
        np.array(rows, np.int64).reshape(-1, 3),
        np.array([confirmed[at] == "c" if confirmed else True for at in range(len(tags))]),
    )


def agreed(*annotators: str, documents: int = 1, seed: int = 0) -> AgreementFigures:
    size = -(-len(annotators[0]) // documents)
    parts = [range(at, at + size) for at in range(0, len(annotators[0]), size)]
    sides = [
        [text("".join(tags[at] for at in part if at < len(tags)), f"d{part.start}") for part in parts]
        for tags in annotators
    ]
    return agreement(shared_texts(zip(*sides, strict=True)), NAMES, seed=seed)


@pytest.fixture(scope="module")
def found() -> AgreementFigures:
    return agreed(*ANNOTATORS, documents=10)


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_have_the_kappa_of_scikit_learn_and_the_f1_of_seqeval(
    found: AgreementFigures, pair: tuple[int, int]
) -> None:
    (of_pair,) = [each for each in found.pairs if (each.one, each.other) == pair]
    values = {name: getattr(of_pair.figures, name).value for name in PAIRS[pair]}
    assert values == pytest.approx(PAIRS[pair], abs=1e-12)
    for label, (kappa, f1) in PAIR_LABELS[pair].items():
        assert of_pair.labels[label].kappa.value == pytest.approx(kappa, abs=1e-12)
        assert of_pair.labels[label].f1.value == pytest.approx(f1, abs=1e-12)


def test_all_together_have_the_alpha_of_krippendorff_and_fleiss_kappa(found: AgreementFigures) -> None:
    assert found.joint.alpha.value == pytest.approx(ALPHA, abs=1e-12)
    assert found.joint.fleiss.value == pytest.approx(FLEISS, abs=1e-12)
    assert {name: each.alpha.value for name, each in found.labels.items()} == pytest.approx(
        {name: value for name, (value, _) in ALPHAS.items()}, abs=1e-12
    )


def test_the_alpha_of_spans_is_that_of_its_definition(found: AgreementFigures) -> None:
    assert found.joint.alpha_spans.value == pytest.approx(ALPHA_SPANS, abs=1e-12)
    for name, (_, value) in ALPHAS.items():
        assert found.labels[name].alpha_spans.value == pytest.approx(value, abs=1e-12)


def test_figures_do_not_depend_on_how_the_words_are_parted_into_documents(found: AgreementFigures) -> None:
    whole = agreed(*ANNOTATORS)
    assert whole.joint.alpha.value == pytest.approx(ALPHA, abs=1e-12)
    assert whole.joint.alpha_spans.value == pytest.approx(ALPHA_SPANS, abs=1e-12)
    assert [each.figures.kappa.value for each in whole.pairs] == [each.figures.kappa.value for each in found.pairs]


def test_full_agreement_is_1_in_every_figure() -> None:
    one = agreed(ANNOTATORS[0], ANNOTATORS[0], documents=10)
    (pair,) = one.pairs
    figures = (*asdict(one.joint).values(), *asdict(pair.figures).values())
    assert {value for value, _, _ in figures} == {1.0}


def test_what_nobody_labels_is_undefined_and_has_no_labels() -> None:
    nothing = agreed("." * 30, "." * 30)
    assert nothing.joint.alpha.value is nothing.joint.fleiss.value is nothing.joint.alpha_spans.value is None
    assert nothing.pairs[0].figures.f1.value is None
    assert nothing.labels == {}


def test_a_span_that_overlaps_one_of_the_same_label_counts_as_overlapping_alone() -> None:
    (pair,) = agreed("Pp..L.......", "P...L.......").pairs
    assert (pair.figures.f1.value, pair.figures.f1_overlap.value) == (0.5, 1.0)
    assert pair.boundaries == {"PER": 1}
    assert pair.differences == 1


def test_confusion_tells_labels_and_what_one_alone_has() -> None:
    (pair,) = agreed("P..L..O..", "O..L...." + ".").pairs
    assert pair.confusion == {("PER", "ORG"): 1, ("LOC", "LOC"): 1, ("ORG", ""): 1}


def test_intervals_hold_the_value_and_are_the_same_for_the_same_seed(found: AgreementFigures) -> None:
    assert found.resampled == "documents"
    value, low, high = found.joint.alpha
    assert low is not None
    assert high is not None
    assert value is not None
    assert low < value < high
    assert agreed(*ANNOTATORS, documents=10).joint == found.joint
    assert agreed(*ANNOTATORS, documents=10, seed=1).joint.alpha.low != low


def test_few_documents_are_resampled_by_sentence_and_a_single_sentence_not_at_all() -> None:
    assert agreed(*ANNOTATORS, documents=2).resampled == "sentences"
    alone = agreed("P.L.", "P.O.")
    assert alone.resampled is None
    assert alone.joint.alpha.low is None


@pytest.mark.thorough
def test_an_interval_of_alpha_holds_the_truth_about_as_often_as_it_says() -> None:
    """Annotators that miss each name with a chance of 0.2: the alpha of a very large text is the truth."""
    random = np.random.default_rng(4)

    def annotated(base: str) -> str:
        return "".join(letter if letter == "." or random.random() > 0.2 else "." for letter in base)

    def base(words: int) -> str:
        return "".join("P" if random.random() < 0.15 else "." for _ in range(words))

    large = base(120_000)
    truth = agreed(annotated(large), annotated(large)).joint.alpha.value
    assert truth is not None
    held = 0
    for _ in range(60):
        some = base(600)
        _, low, high = agreed(annotated(some), annotated(some), documents=20).joint.alpha
        assert low is not None
        assert high is not None
        held += low <= truth <= high
    assert held >= 50


def test_the_document_that_pulls_the_agreement_down_is_named() -> None:
    good = "P..L..O....." * 4
    bad = ["." * 48, "OLPOLPOLPOLP" * 4]
    sides = [[text(good, "good"), text(each, "bad"), text(good, "more")] for each in bad]
    found = agreement(shared_texts(zip(*sides, strict=True)), NAMES)
    (worst,) = found.documents
    assert worst.name == "bad"
    assert worst.alpha_without == 1
    assert worst.differences == 48


def test_twenty_documents_are_named_where_more_pull_the_agreement_down() -> None:
    alike, labelled, bare = "P.........L." * 30, "P..........." * 30, "." * 12 * 30
    found = agreed(alike + labelled, alike + bare, documents=60)
    assert len(found.documents) == 20


def test_the_spans_of_each_annotator_are_counted_by_label() -> None:
    assert agreed("Pp.Ll.P.", "Pp.Oo.L.").spans == ({"PER": 2, "ORG": 0, "LOC": 1}, {"PER": 1, "ORG": 1, "LOC": 1})
    assert agreed("Pp.P", "P..P").labels.keys() == {"PER"}


def test_of_very_many_sentences_neighbours_are_resampled_together() -> None:
    """One of each two is labelled alike by both, the other by one alone: all pairs of neighbours are the same."""
    agree, differ = "P...........", "L..........."
    found = agreed((agree + differ) * 1000, (agree + "." * 12) * 1000)
    assert found.resampled == "sentences"
    value, low, high = found.pairs[0].figures.f1
    assert value == low == high == pytest.approx(2 / 3)


def test_a_span_at_the_end_of_the_text_is_one_of_its_last_sentence() -> None:
    """Twelve words a sentence: each resample that has the second has its only span, too."""
    found = agreed("." * 23 + "P", "." * 23 + "P")
    assert (found.resampled, found.pairs[0].figures.f1) == ("sentences", (1, 1, 1))


def test_a_sentence_of_one_word_is_resampled_as_others_are() -> None:
    for stops in ([1, 13], [12, 13]):
        one = replace(text("P" + "." * 12), sentences=np.array(stops))
        assert agreement(shared_texts([(one, one)]), NAMES).resampled == "sentences"


@pytest.mark.filterwarnings("error")
def test_what_does_not_count_is_nothing_to_resample() -> None:
    """Of ten documents one alone counts; of a sentence half does, which goes with the one before."""
    sides = [text("P..........."), text("...........P")]
    ignored = [text("." * 12, f"d{at}", confirmed="." * 12) for at in range(9)]
    documents = [*((each, each) for each in ignored), tuple(sides)]
    assert agreement(shared_texts(documents), NAMES).resampled is None
    for counted in (18, 6, 0):
        part = text("P" + "." * 23, confirmed="c" * counted + "." * (24 - counted))
        assert agreement(shared_texts([(part, part)]), NAMES).resampled is None


def test_only_sentences_that_count_for_all_are_measured() -> None:
    """The annotators differ in the third sentence alone, and the second has not confirmed it."""
    one = text("P..........." * 3)
    other = text("P..........." * 2 + "L...........", confirmed="c" * 24 + "." * 12)
    shared = shared_texts([(one, other)])
    assert (shared.words, shared.of_words, len(shared.sentence_ends), shared.of_sentences) == (24, 36, 2, 3)
    assert agreement(shared, NAMES).joint.alpha.value == 1


def test_texts_cut_into_words_differently_are_measured_over_the_pieces() -> None:
    one = text("P..", words=["can't", "stop", "Ada"])
    other = text("P...", words=["ca", "n't", "stop", "Ada"])
    shared = shared_texts([(one, other)])
    assert (shared.words, shared.recut) == (4, 1)
    assert [each.tolist() for each in shared.spans] == [[[0, 2, 0]], [[0, 1, 0]]]


def test_documents_are_found_by_their_text_wherever_they_stand() -> None:
    ours = [text("P", "a", ["Ada"]), text("L", "b", ["Rome"]), text("L", "c", ["Oslo"]), text("L", "d", ["Rome"])]
    theirs = [text("O", "y", ["Rome"]), text("P", "x", ["Ada"]), text(".", "z", ["Kyiv"])]
    common = in_common([ours, theirs])
    assert [tuple(each.name for each in document) for document in common] == [("a", "x"), ("b", "y")]
