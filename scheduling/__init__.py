"""From how many people are needed, and who there is, to a roster.

Problem in, solution out: ``problem`` says what is asked, ``solver`` answers with a roster, and ``judge``
tells what it breaks and costs without a line of the solver's code. Read in this order:

* ``problem``: what is asked, gathered from ``demand``, ``shifts``, ``people`` and ``rules``; ``faults``,
  ``rule_faults`` and ``contradictions`` say what cannot be
* ``roster`` and ``verdict``: the answer, and what is said of it
* ``judge``: all that a roster breaks and costs; ``solver``: rosters that cost little
* ``formats``: problems and rosters as files; ``laws``: ready-made rules; ``assembling``: a problem from a
  requirement, people and rules; ``pictures``: rosters to look at
* ``teams``: teams in cycles; ``flexing``: duties for the reserve; ``requests``: swaps, bids and leave;
  ``adherence``: plan beside deed
* ``generate``: a call center of any size, from a seed
* ``tables``, ``records``: drafts, published versions, requests, adherence; ``api``, ``routes``: over HTTP
"""
