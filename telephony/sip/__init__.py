"""Our own small SIP: machines without I/O, and one thin shell that owns the sockets.

``message``, ``address``, ``bodies`` and ``sdp`` read and write; ``timers``, ``transaction``, ``dialog``,
``digest``, ``registrar`` and ``overload`` are the machines; ``ua`` stands on top of them all, with what it
shares in ``core``, the answering half in ``incoming`` and the asking half in ``outgoing``.
``transport`` is the shell, over ``udp`` and ``websocket``.
"""
