"""Pictures for the planner as SVG or PNG files, one a file here."""
