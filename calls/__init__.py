"""The call as a whole, the one live runner and the one journal.

* ``machine``  - one call: its legs, phases and times; ``machine.phases`` is the table of phase and fact
* ``engine``   - the whole live floor: calls, their flow sessions and the floor, until all is quiet
* ``journal``  - every outside fact and wake with its time and decisions, group-committed
* ``runner``   - the only place that reads the clock and carries intents out
* ``history``  - finished calls, queue visits and interval counts, written by a projector with a cursor
* ``offers``   - what became of each offer, as the history counts it
* ``tables``   - the tables they are written to
* ``figures``  - what is counted of queue visits, and intervals of it in a queue's time zone
* ``reports``  - what reports say of a span of time, read from the tables
* ``story``    - what happened to a call, told from the journal
"""
