"""The learner: from what was decided so far to better suggestions, in a second, on frozen states of an encoder.

`learner.fit` is a pure function of lessons: the same decisions give the same suggestions, and an undone one leaves
nothing behind.
"""

FEWEST = 3
"""Whole sentences from which on more is learnt than strings: the head speaks."""
