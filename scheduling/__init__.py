"""From how many people are needed, and who there is, to a roster.

Problem in, solution out: ``problem`` says what is asked, ``solver`` answers with a roster, and ``judge``
tells what it breaks and costs without a line of the solver's code.
"""
