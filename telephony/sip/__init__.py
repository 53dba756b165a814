"""Our own small SIP: machines without I/O (``timers``, ``transaction``, ``dialog``, ``digest``,
``registrar``, ``sdp``, and ``ua`` on top of them all) and one thin shell that owns the sockets (``transport``)."""
