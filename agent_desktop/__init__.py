"""What people at their desks see and do.

* ``views``       - facts and decisions to (audience, message) pairs, by a pure reducer
* ``hub``         - the open pages: who gets told what, slow pages dropped
* ``socket``      - the page's websocket
* ``api``         - what an agent does: ready, pause, hold, wrap-up …
* ``history_api`` - finished calls: search, their story, their recordings
* ``reports_api`` - queues, agents, numbers dialled, missed callers; ``report_lines`` has what they show
* ``csv_text``    - tables for spreadsheets
* ``credentials`` - one-session telephone passwords
* ``web``         - the browser app
"""
