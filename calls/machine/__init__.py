"""One call: its legs, its phase, its times. A pure machine that answers with intents.

Only this machine speaks of legs; flow and floor speak of calls.

* ``phases``   - the whole table: which facts mean something in which phase
* ``call``     - the machine around one state: a fact goes in, what the table says is done
* ``state``    - all that is known of a live call
* ``in_flow``  - the caller is in their flow: words, keys, a message
* ``concealing`` - digits nobody may see
* ``waiting``  - in a queue: music, announcements, overflow, a callback instead
* ``offers``   - telephones ring; exactly one wins
* ``contact``  - the conversation: hold, hang-up, a lost leg that comes back
* ``survey``   - the agent is done, and the caller goes on in the flow
* ``transfer`` - the caller is handed on: to a queue, an agent, an outside number
* ``outgoing`` - calls that begin with us: callbacks, and numbers an agent dials
* ``dialling`` - a number rings, for either of them
* ``visits``   - queue visits and contacts, each with its own times
* ``ending``   - the last word: what was torn down, and the record
* ``shown``    - what pages see
"""

from calls.machine.call import Call
from calls.machine.phases import PHASES, TIME_UP
from calls.machine.state import (
    BEEP_PLAY,
    DIAL_S,
    PATIENCE_S,
    RECONNECT_S,
    TO_AGENT_S,
    CallLost,
    CallOver,
    CallState,
    Ringing,
)

__all__ = [
    "BEEP_PLAY",
    "DIAL_S",
    "PATIENCE_S",
    "PHASES",
    "RECONNECT_S",
    "TIME_UP",
    "TO_AGENT_S",
    "Call",
    "CallLost",
    "CallOver",
    "CallState",
    "Ringing",
]
