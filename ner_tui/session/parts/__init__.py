"""Files cut into parts of some seconds of work, which are labelled anywhere and joined to what one run would write."""
