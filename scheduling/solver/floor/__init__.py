"""Large rosters against demand by the interval: one person at a time exactly.

* ``presence``: who is on the telephone when, whom they serve, and what one more or less costs
* ``day_shapes``: what a shift with its breaks is worth under prices of intervals, and where breaks go best
* ``plan``: a person's period on the floor: pattern, breaks, activities; what it costs
* ``shared``: what rules about several people cost, and what one more shift does to it
* ``slopes``: what people cost a demand, in slopes
* ``oracle``: everybody's cheapest period under values of people, and what no roster is below
* ``blocks`` and ``shares``: periods in shares, and the values that come with them
* ``day_program`` and ``whole_days``: everybody's shifts and breaks of a day at once
* ``groups``: groups of people anew against all others
* ``search``: the search
"""
