"""Evaluation: how annotations compare with each other, and what is wrong in them."""
