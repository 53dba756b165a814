"""What people at their desks see and do.

* ``views``       - facts and decisions to (audience, message) pairs, by a pure reducer
* ``near``        - which calls an agent could pick up
* ``messages``    - what such a message is
* ``hub``         - the open pages: who gets told what, slow pages dropped
* ``socket``      - the page's websocket
* ``api``         - what an agent does: ready, pause, hold, transfer, dial, pick up, wrap-up …
* ``floor_api``   - what supervisors do: agents, calls, queues, callbacks
* ``telling``     - how both speak to the live floor
* ``history_api`` - finished calls: search, their story, their recordings
* ``reports_api`` - queues, agents, numbers dialled, missed callers; ``report_lines`` has what they show
* ``credentials`` - one-session telephone passwords
* ``web``         - the browser app
"""
