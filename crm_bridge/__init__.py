"""Customers: who is calling, what they hold, who looks after them, what was said before.

* ``records``   - a customer, their phones, owners, products and contacts as values; money as integers
* ``schemes``   - tier schemes: half-open bands of assets, priorities, owner roles (pure)
* ``tiers``     - schemes as rows; ``retail`` seeds the five tiers of the sample bank
* ``models``    - the tables; ``customers`` writes, reads and searches them
* ``lookup``    - nobody, one or several customers behind a number
* ``card``      - the screen-pop
* ``contacts``  - the history of contacts; finished calls are added to it
* ``bank``      - a bank's own books as values: accounts, bills, applications, orders, recharge cards
* ``queries``   - what flows may look up in them; ``bank_words`` tells it in two languages
* ``recharge``  - the rules of recharging by card: at most once, and guessing does not help
* ``bank_database``, ``bank_memory`` - where the books are kept; ``bank_models`` are the tables
* ``complaints`` - complaints as they are taken in; kept by ``complaints_database``, ``complaints_memory``
* ``complaints_api`` - complaints for supervisors
* ``port``      - what the platform asks of any CRM; adapters: ``database``, ``memory``
* ``api``       - search, read and edit customers, in the shapes of ``forms``
* ``admin``     - tiers as configuration rows
* ``sample``    - a sample bank's customers; ``sample_books`` their bills, cards and the rest
"""
