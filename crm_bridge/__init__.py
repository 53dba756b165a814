"""Customers: who is calling, what they hold, who looks after them, what was said before.

* ``records``   - a customer, their phones, owners, products and contacts as values; money as integers
* ``schemes``   - tier schemes: half-open bands of assets, priorities, owner roles (pure)
* ``tiers``     - schemes as rows; ``retail`` seeds the five tiers of the sample bank
* ``models``    - the tables; ``customers`` writes, reads and searches them
* ``lookup``    - nobody, one or several customers behind a number
* ``card``      - the screen-pop
* ``contacts``  - the history of contacts; finished calls are added to it
* ``port``      - what the platform asks of any CRM; adapters: ``database``, ``memory``
* ``api``       - search, read and edit customers, in the shapes of ``forms``
* ``admin``     - tiers as configuration rows
* ``sample``    - a sample bank's customers
"""
