"""``python -m callfloor``."""

from callfloor.cli import main

main()
