"""The embedded switch: our own SIP and our own media process behind the ``Switch`` port.

* ``switch``    - commands to SIP and media, their events to facts
* ``offers``    - agreeing on sound with far ends
* ``hearing``   - what legs are told to hear, and their recordings
* ``legs``      - what is remembered of each leg
* ``local``     - simulated callers and telephones, for demos
* ``people``    - how their legs come and go
* ``websocket`` - SIP from browsers, as ``/sip`` on the web port
"""
