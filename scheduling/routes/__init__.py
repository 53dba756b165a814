"""Routes of the rosters' API, a file for each thing; ``scheduling.api`` has the table of all."""
