"""``ner-tui serve``: the review app in a browser, and who may reach it."""
