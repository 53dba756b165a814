"""Where calls meet the world: the ``Switch`` port and its adapters.

* ``port``      - what a switch is
* ``simulated`` - virtual callers and telephones, in virtual or wall time
* ``embedded``  - SIP over UDP and WebSocket (``sip``) with its own media process (``media``)
* ``speech``    - prompts to audio files
"""
