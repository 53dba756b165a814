"""Names of things. All are strings; the types keep one from standing in for another."""

from typing import NewType

CallId = NewType("CallId", str)
LegId = NewType("LegId", str)
DeviceId = NewType("DeviceId", str)
"""A registered telephone: the SIP user it registers as."""
AgentId = NewType("AgentId", str)
QueueId = NewType("QueueId", str)
OfferId = NewType("OfferId", str)
PlayId = NewType("PlayId", str)
RecordingId = NewType("RecordingId", str)
CustomerId = NewType("CustomerId", str)
TierId = NewType("TierId", str)
