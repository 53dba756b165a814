"""Our own small SIP: machines without I/O, and one thin shell that owns the sockets.

``timers``, ``transaction``, ``dialog``, ``digest``, ``registrar`` and ``sdp`` are the machines, ``ua`` stands
on top of them all; ``transport`` is the shell.
"""
