"""Rosters to look at: as text (``text``), and as pictures (``plots``)."""
