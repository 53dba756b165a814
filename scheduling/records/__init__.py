"""Rosters as rows: what is planned, published, asked for and done. Each file is about one kind of row.

* ``archive``: problems and rosters as bytes and back; ``differences``: what changed, and what that costs
* ``problems``, ``drafts``, ``versions``: what is worked on and what is published
* ``asked``: swaps, gifts, bids, leave and wishes, judged at once; ``mine``: one person's own; ``feeds``
* ``adhering``: plan beside deed; ``solving``: long work
"""
