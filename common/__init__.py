"""What every room needs.

* ``db``        - the database: one ``Database``, sync SQLAlchemy sessions, one transaction a request
* ``problems``  - problem+json errors
* ``auth``      - users, argon2 hashes, sessions, CSRF, roles
* ``calendars`` - business hours, holidays and make-up workdays
* ``phones``    - telephone numbers as E.164
* ``asks``      - how whoever is asked says that there is no answer
* ``hosts``     - which hosts may be asked over HTTP, and at which addresses
* ``fetch``     - HTTP to these hosts, bounded in time and size
* ``messages``  - SMS and e-mail out of the house
* ``service_level`` - service level in all its definitions, from the same counts
* ``csv_text``  - tables for spreadsheets
* ``plain_yaml`` - YAML files people write, with line numbers, bounded
"""
