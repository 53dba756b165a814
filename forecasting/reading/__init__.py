"""What people write into tables of calls, cell by cell, and what is wrong with it.

``forecasting.files`` is the front.
"""
