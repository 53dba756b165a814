"""Queues, agents, matching.

* ``floor`` - the machine: who waits, who is free, who is offered which call, and why
* ``store`` - agents, queues and skills as rows, and the configuration made from them
* ``api``   - the admin pages' routes
"""
