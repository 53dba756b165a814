"""Calls rehearsed without telephones, in virtual time: what scenarios and the terminal are made of.

* ``call``       - one session that goes on as it is told
* ``world``      - who calls when, what is open, what is answered
* ``steps``      - what a scripted caller does and expects
* ``transcript`` - what happened, in words
* ``coverage``   - which nodes and exits were seen
"""
