"""A problem as a CP-SAT model: one short method for each family of rules.

* ``base``: who works what when as variables; what must hold and what costs
* ``days``, ``hours``, ``groups``: the rules, a method for each family
* ``floor``: demand, covers, breaks and activities
* ``questioned``: only what must be, each demand under a literal, to ask which of them clash
* ``whole``: all of it put together, and the roster read off
"""
