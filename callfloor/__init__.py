"""The only place that knows everyone.

* ``settings`` - one TOML file plus environment
* ``wiring``   - the rooms put together: floor, flows, records, switch, pages
* ``web``      - the web application
* ``server``   - the platform as one running thing
* ``demo``     - a sample bank with simulated callers and agents
* ``cli``      - the ``callfloor`` command
"""

__version__ = "0.1.0"
