"""The front door: flows as data, and the machine that walks a caller through one.

* ``flow``    - the flow document as frozen dataclasses, and what every kind of node can do
* ``nodes``   - one small file per kind of node
* ``expressions``, ``patterns``, ``templates`` - what may be worked out, checked and filled in
* ``load``    - YAML in, a checked ``Flow`` out, or every problem with its line and reason
* ``machine`` - one call's walk through a flow: pure, serialisable at every step
* ``walk``    - what a node may see and do while the machine stands on it
* ``book``    - which flow answers which number, from files and from what is published
* ``store``   - entry numbers as rows
* ``drafts``  - versions of flows as rows: the draft, the live one, who did what
* ``judging``, ``compare`` - what is to be said of a text, and what differs in another
* ``api``, ``flows_api`` - the admin's entry numbers; flows to look at, check, publish and go back
* ``importing`` - flows of other systems
* ``check``   - a flow looked through before any caller comes; ``schema`` - the document as a JSON Schema
* ``rehearsal`` - calls without telephones; ``scenario``, ``junit``: scripted ones; ``terminal``: yours
* ``drawing`` - a flow as Mermaid or SVG; ``layout`` - where its boxes and lines go
* ``flows``   - the flows of the sample bank
"""
