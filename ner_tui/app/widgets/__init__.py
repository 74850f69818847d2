"""Widgets: each draws what it is given and tells what happened; none calls the session to change anything."""
