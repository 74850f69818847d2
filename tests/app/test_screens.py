"""A few whole screens as text: a change here is a change people see."""

from __future__ import annotations

from app.conftest import Open
from app.fakes import Gazetteer

COMPACT = """\
 ner-tui · work.ner          saved · 1/5 confirmed · 1 doubtful · all predicted
● Hugging Face²opened an office in³New York City last spring.
  Its head of research, Ada Okonkwo, told reporters in Łódź³that Paris³had to
  wait.

  Nobody saw the Manhattan Bridge. Kestrel Labs did.


 Ada Okonkwo PER suggested .98, margin 0.97                    ◐ news.txt 1/2
 ⏎ accept & next  1-4 label  a accept  x remove  n doubt  e/E extend  s/S shrink
"""


async def test_a_small_terminal_has_the_text_one_line_above_and_two_below(review: Open) -> None:
    async with review(Gazetteer(), size=(80, 10)) as app:
        await app.press("enter")
        await app.until(lambda: "1/5" in app.lines()[0])
        print("\n".join(app.lines()))
        assert False


async def test_a_large_terminal_has_labels_under_the_text_and_panes_at_the_side(review: Open) -> None:
    async with review(Gazetteer(), size=(112, 34)) as app:
        await app.press("enter")
        await app.until(lambda: any("the model reads" in line for line in app.lines()))
        print("\n".join(app.lines()))
        assert False
