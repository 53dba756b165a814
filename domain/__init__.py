"""The words every room shares: ids, instants, and the facts and intents that cross rooms.

Standard library only. One file per speaker:

* ``switch``  - what the telephone switch reports, and what it can be told
* ``desk``    - what people at their desks do
* ``crm``     - what the customer records answer
* ``flow``    - what an IVR flow asks of its call
* ``calls``   - what happened to a call, told to the floor, the pages and the history
* ``floor``   - what the floor decides
* ``config``  - the floor's configuration as it travels

``codec`` turns any of them to JSON and back; ``instant`` is the time.
"""
