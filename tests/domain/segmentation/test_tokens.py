"""Tokens of raw text: what is one token and what is cut."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.domain.segmentation import character_kinds as kinds
from ner_tui.domain.segmentation.tokens import tokenize
from ner_tui.domain.spans import Token

WORDS = [
    ("He lives in New York City.", "He lives in New York City ."),
    ("two  spaces\tand a tab", "two spaces and a tab"),
    ("naïve Ångström ŒUVRE", "naïve Ångström ŒUVRE"),
    ("snake_case and x86", "snake_case and x86"),
]

CLITICS = [
    ("John's dogs' toys", "John 's dogs ' toys"),
    ("I don't, can't, won't.", "I do n't , ca n't , wo n't ."),
    ("DON'T", "DO N'T"),
    ("I'm we'll they've you're he'd", "I 'm we 'll they 've you 're he 'd"),
    ("I’m — it’s", "I ’m — it ’s"),
    ("I'd've", "I 'd 've"),
    ("cannot gonna wanna dont im", "can not gon na wan na do nt i m"),
    ("I cannot. You gonna.", "I can not . You gon na ."),
    ("O'Rourke's Qa'ida d'etat o'clock", "O'Rourke 's Qa'ida d'etat o'clock"),
    ("rock 'n roll, get 'em", "rock 'n roll , get 'em"),
    ('"Heat"\'s star', '" Heat " \'s star'),
    ("it`s", "it `s"),
]

ABBREVIATIONS = [
    ("Mr. and Mrs. Smith met Dr. Who.", "Mr. and Mrs. Smith met Dr. Who ."),
    ("the U.S. President", "the U.S. President"),
    ("made in the U.S.", "made in the U.S ."),
    ("made in the U.S.\n\nNext", "made in the U.S . Next"),
    ("in the U.S. The next", "in the U.S . The next"),
    ("Enron Corp. said; Acme Inc. did", "Enron Corp. said ; Acme Inc. did"),
    ("(i.e. one, e.g. two)", "( i.e. one , e.g. two )"),
    ("at 5 p.m. today", "at 5 p.m. today"),
    ("pens, etc. are", "pens , etc. are"),
    ("pens, etc. Bring", "pens , etc . Bring"),
    ("J. K. Rowling and George W. Bush", "J. K. Rowling and George W. Bush"),
    ("J.R. Ewing, Ph.D.", "J.R. Ewing , Ph.D ."),
    ("No. 5 is alive. No. Never.", "No. 5 is alive . No . Never ."),
    ("on Sun. Dec. 5", "on Sun. Dec. 5"),
    ("in the sun. Dec", "in the sun . Dec"),
    ("the end.Start", "the end . Start"),
]

NUMBERS = [
    ("1,000.50 and 3.14", "1,000.50 and 3.14"),
    ("10,000,000", "10,000,000"),
    ("$5.76, €3 and US$ 4", "$ 5.76 , € 3 and US$ 4"),
    ("58%", "58 %"),
    ("10:30 to 5:00-8:30", "10:30 to 5:00 - 8:30"),
    ("5pm, 10mm and 3.5m", "5 pm , 10 mm and 3.5 m"),
    ("the 21st in the 1990s", "the 21st in the 1990s"),
    ("the '90s", "the '90s"),
    ("9/11 and 04/30/2001", "9/11 and 04/30/2001"),
    ("2005-03-09", "2005-03-09"),
    ("713-853-3989, (713) 853-3989", "713-853-3989 , ( 713 ) 853-3989"),
    ("3-4 people", "3 - 4 people"),
    ("1990–2000", "1990 – 2000"),
    ("#1 at +44 and .99", "# 1 at +44 and .99"),
]

HYPHENS = [
    ("New York-based", "New York - based"),
    ("a well-known 15-year term", "a well - known 15 - year term"),
    ("non-profit e-mail pre-war anti-war", "non-profit e-mail pre-war anti-war"),
    ("career-wise", "career-wise"),
    ("yes -- no --- maybe", "yes -- no --- maybe"),
    ("a—b–c", "a — b – c"),
    ("and/or", "and / or"),
    ("AT&T and Q & A", "AT&T and Q & A"),
    ("C++ and C#", "C++ and C#"),
]

PUNCTUATION = [
    ('He said, "Go!"', 'He said , " Go ! "'),
    ("“Go!” ‘now’", "“ Go ! ” ‘ now ’"),
    ("well... yes…", "well ... yes …"),
    ("What?! No!!!", "What ?! No !!!"),
    ("(a) [b] {c}", "( a ) [ b ] { c }"),
    ("=====", "====="),
    ("*bold*", "* bold *"),
    ("-> and =>", "-> and =>"),
]

WEB = [
    ("See http://a.org/x_y?z=1#q.", "See http://a.org/x_y?z=1#q ."),
    ("[https://a.org]", "[ https://a.org ]"),
    ("(https://en.wikipedia.org/wiki/Foo_(bar))", "( https://en.wikipedia.org/wiki/Foo_(bar) )"),
    ("www.example.com, example.co.uk/x", "www.example.com , example.co.uk/x"),
    ("Mail ann.b+c@mail.example.org!", "Mail ann.b+c@mail.example.org !"),
    ("<ann@example.org>", "< ann@example.org >"),
    ("report_v2.pdf and notes-1.txt", "report_v2.pdf and notes-1.txt"),
    ("@hugging_face loves #NLP", "@hugging_face loves #NLP"),
    ("AT&amp;T &lt;b", "AT &amp; T &lt; b"),
    ("good :) bad :-( <3 ;D", "good :) bad :-( <3 ;D"),
    ("great:)", "great :)"),
    ("in (parens) and: this", "in ( parens ) and : this"),
]

SCRIPTS = [
    ("東京タワーへ行く。", "東 京 タワー へ 行 く 。"),
    ("2024年に3,000円", "2024 年 に 3,000 円"),
    ("サムスンのGalaxy", "サムスン の Galaxy"),
    ("대한민국 서울에서", "대한민국 서울에서"),
    ("LG전자", "LG 전자"),
    ("ที่นี่", "ที่ นี่"),
    ("हिन्दी में", "हिन्दी में"),
    ("السلام عليكم،", "السلام عليكم ،"),
    ("见http://a.org/x。", "见 http://a.org/x 。"),
]

SEQUENCES = [
    ("👩🏽‍🚀🇩🇪👍🏽", "👩🏽‍🚀 🇩🇪 👍🏽"),
    ("I ❤️ NY 1️⃣", "I ❤️ NY 1️⃣"),
    ("🏴󠁧󠁢󠁥󠁮󠁧󠁿 won", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 won"),
    ("nice😀😀", "nice 😀 😀"),
    ("Cafe\u0301s e\u0301te\u0301", "Cafe\u0301s e\u0301te\u0301"),
    ("co\u00adop", "co\u00adop"),
    ("10\u00a0000\u00a0km", "10 000 km"),
    ("a\u200bb", "a b"),
    ("\ufeffText", "Text"),
    ("a\x00b\x1b", "a b"),
]

TABLE = WORDS + CLITICS + ABBREVIATIONS + NUMBERS + HYPHENS + PUNCTUATION + WEB + SCRIPTS + SEQUENCES


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenize(text)]


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_text_is_cut_like_this(text: str, expected: str) -> None:
    assert words(text) == expected.split(" ")


def test_offsets_are_code_points_of_the_text() -> None:
    assert tokenize("👍 Ann's") == [Token(0, 1), Token(2, 5), Token(5, 7)]


@pytest.mark.parametrize("text", ["", " ", "\n\t \u00a0\u2028", "\u200b\ufeff\u200d"])
def test_text_without_ink_has_no_tokens(text: str) -> None:
    assert tokenize(text) == []


PIECES = st.sampled_from(
    [
        *"a Mr U.S don't 's . .. - -- / @ # : ) ( ' \" http:// www. _ 1 1,000 5pm & $".split(),
        *"東 タ の 가 ที่ เ क्षि 👩 🏽 🇩 ❤ 。 ’ “ … É ١ ½".split(),
        *"\n \u00a0\u0301\u200d\ufe0f\u00ad\u200b\0\ud800",
        "\n\n",
    ]
)
TEXTS = st.text() | st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS)
def test_tokens_hold_all_that_has_ink_and_no_white_space(text: str) -> None:
    tokens = tokenize(text)
    folded = kinds.fold(text)

    assert all(start < end for start, end in tokens)
    assert all(left.end <= right.start for left, right in pairwise(tokens))
    inside = {offset for start, end in tokens for offset in range(start, end)}
    for offset, character in enumerate(text):
        control = ord(character) < 0x20 or ord(character) == 0x7F
        if character.isspace() or control or folded[offset] == kinds.INVISIBLE:
            assert offset not in inside
        elif folded[offset] not in (kinds.GLUE, kinds.JOINER):
            assert offset in inside


@given(TEXTS)
def test_folding_keeps_offsets_and_leaves_ascii_alone(text: str) -> None:
    folded = kinds.fold(text)

    assert len(folded) == len(text)
    assert all(kind == character for kind, character in zip(folded, text, strict=True) if character.isascii())


RUNS = [
    "a",
    ".",
    "-",
    "a-",
    "a.",
    "1,",
    "=_",
    "@a",
    "http://)",
    "('",
    "A.",
    "e-",
    "e\u0301",
    "😀\u200d",
    "一",
    "ก",
    " ",
    "\0",
]


@pytest.mark.thorough
@pytest.mark.parametrize("unit", RUNS)
def test_a_long_run_costs_no_more_by_the_character_than_a_short_one(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))

        def once() -> float:
            began = time.process_time()
            tokenize(text)
            return time.process_time() - began

        # The best of three: the garbage collector may have its turn in one of them.
        return min(once() for _ in range(3))

    # Eight times the text; a quadratic rule would take 64 times as long, and a slow machine gets the benefit.
    assert seconds(64_000) < 24 * seconds(8_000) + 0.1
