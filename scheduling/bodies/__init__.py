"""What the rosters' API takes and shows.

Instants (``at`` and the like) are milliseconds UTC, ``day`` is a local date of the problem's zone, ``start``
minutes from 00:00 of that day (past 1440 on the next one), ``length`` minutes. A problem itself has the form
of its file, see docs/scheduling.md.

* ``base``: names, texts and minutes that all share
* ``rosters``: problems, drafts, versions, solving
* ``planning``: cover, and putting a problem together
* ``revising``: rosters changed after they are made
* ``requests``, ``mine``, ``adherence``: what agents ask for, see, and kept to
"""
