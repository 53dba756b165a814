"""A person's whole period at once: the cheapest legal pattern under any prices, exactly and in a millisecond.

* ``counters``: what each rule family must remember, as states
* ``families``: from the rules of a problem to the counters of a person
* ``layers``: the product of the counters, merged to few states, and the cheapest way through it
* ``walkers``: that for each person of a problem, in kinds of shifts
"""
