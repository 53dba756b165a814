"""Prompts as sound files for the telephone: raw µ-law at 8,000 Hz, made once and kept.

* ``voice``    - what a voice is, and the twins that need no program
* ``espeak``   - the voice of the program espeak-ng
* ``reading``  - what is written as it is said, Chinese and English apart
* ``english``, ``chinese`` - numbers, amounts and times as they are said
* ``pinyin``   - Chinese as syllables with tone numbers
* ``wav``      - reading WAV files
* ``sound``    - to 8,000 Hz, levelled, trimmed, as µ-law
* ``cache``    - made files in a folder of bounded size
* ``recorded`` - the user's own recordings
* ``library``  - prompts in, pieces to be played out
* ``music``    - music on hold
"""
