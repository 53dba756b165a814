"""Rosters as rows: what is planned, published, asked for and done. Each file is about one kind of row.

* ``archive``: problems and rosters as bytes and back; ``differences``: what changed, and what that costs
* ``problems``, ``drafts``, ``versions``: what is worked on and what is published; ``publishing``: what
  holds that back
* ``asked``: swaps, gifts, bids, leave and wishes, judged at once; ``deciding``: what becomes of them
* ``openings`` and ``places``: open shifts and who may have them; ``mine``: one person's own; ``feeds``
* ``adhering``: plan beside deed; ``absences``: who is excused from it
* ``solving``, ``proposals``: long work; ``rotating``: teams in turn, and the period after
"""
