"""Sound: a process of its own with one 20 ms clock for all calls, driven over a small pipe.

* ``protocol`` - what it is told and what it tells
* ``pipe``     - those messages as lines of JSON
* ``g711``     - µ-law and A-law as tables
* ``rtp``      - RTP packets, RFC 4733 digits
* ``sockets``  - ports and the one poll for all of them
* ``legs``     - one party's ear and mouth: plain RTP, a browser, or somebody simulated
* ``sounds``   - clips, tones and music as frames of 20 ms
* ``recorder`` - what a leg says and hears, as a WAV file
* ``webrtc``   - the browser's leg by aiortc; every private hook of it is in this one file
* ``clock``    - 20 ms for everybody, in ten slots
* ``engine``   - the legs of one process
* ``settings`` - addresses, ports and limits
* ``process``  - starting the process and talking to it; all that the rest of the house imports
"""
