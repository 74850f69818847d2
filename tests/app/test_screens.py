"""A few whole screens as text: a change here is a change people see."""

from __future__ import annotations

from app.conftest import Open
from app.fakes import Gazetteer


async def test_a_terminal_of_40_by_10_has_the_text_and_three_lines_below(review: Open) -> None:
    async with review(Gazetteer(), size=(40, 10)) as app:
        await app.press("enter")
        assert app.lines() == SMALL.splitlines()


async def test_a_terminal_of_80_by_16_has_the_keys_of_labels_in_the_text(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 16)) as app:
        await app.press("enter")
        await app.until(lambda: "1/6" in app.lines()[0])
        assert app.lines() == COMPACT.splitlines()


async def test_a_large_terminal_has_labels_under_the_text_and_panes_at_the_side(review: Open) -> None:
    async with review(Gazetteer(), size=(112, 34)) as app:
        await app.press("enter")
        # The pane is that of where the cursor was before, until it rests.
        await app.until(lambda: any(line.startswith(" Ada Okonkwo  ") for line in app.lines()))
        await app.until(lambda: any("the model reads" in line for line in app.lines()))
        assert app.lines() == LARGE.splitlines()


SMALL = """\
 ● ²Hugging Face opened an office in
   ³New York City last spring.
▌   Its head of research,¹Ada
▌   Okonkwo, told reporters in³Łódź
▌   that³Paris had to wait.
                                       ▄
    Nobody saw the Manhattan Bridge.
 sentence 2/4 · 0 of 3 decided
 Ada Okonkwo PER suggested
 ? keys u undo 1 PER 2 ORG 3 LOC 0… z …
"""

COMPACT = """\
 ner-tui · work.ner          saved · 1/6 confirmed · 1 doubtful · all predicted
 ● ²Hugging Face opened an office in³New York City last spring.
▌   Its head of research,¹Ada Okonkwo, told reporters in³Łódź that³Paris had
▌   to wait.

    Nobody saw the Manhattan Bridge. Kestrel Labs did.







 sentence 2/4 · 0 of 3 decided · 1 doubtful           ◐ news.txt 1/2 42% line 2
 Ada Okonkwo PER suggested .98, margin .97
 ? keys u undo 1 PER 2 ORG 3 LOC 4 MISC ⏎ confirm a accept x remove n next z …
"""

LARGE = """\
 ner-tui · work.ner                                          saved · 1/6 confirmed · 1 doubtful · all predicted
 Documents                ▕ ●  Hugging Face opened an office in New York City last spring.
 ◐ news.txt        1/4 ?1 ▕    ORG                              LOC
 ○ notes.txt          0/2 ▕▌   Its head of research, Ada Okonkwo, told reporters in Łódź that Paris had to
 Labels                   ▕▌                         PER? .98                       LOC?? .55 LOC? .95
  1  PER                1 ▕▌   wait.
  2  ORG                1 ▕▌
  3  LOC                3 ▕
  4  MISC               0 ▕    Nobody saw the Manhattan Bridge. Kestrel Labs did.
                          ▕
                          ▕
                          ▕
                          ▕
                          ▕
                          ▕
                          ▕
                          ▕
                          ▕
                          ▕
 At the cursor            ▕
 Ada Okonkwo              ▕
 PER suggested            ▕
                          ▕
 the model reads          ▕
 a   █ .98 PER            ▕
 t     .01 PER Ada        ▕
 z 2   .01 PER Okonkwo    ▕
 z 3   .00 nothing        ▕
 margin .97               ▕
                          ▕
 sentence untouched       ▕
 sentence 2/4 · 0 of 3 decided · 1 doubtful                                           ◐ news.txt 1/2 42% line 2
 Ada Okonkwo PER suggested .98, margin .97
 ? keys u undo 1 PER 2 ORG 3 LOC 4 MISC ⏎ confirm a accept x remove n next o export space page e/E extend z …
"""
