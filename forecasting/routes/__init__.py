"""The parts of ``forecasting.api``: what they take and show, and the routes themselves."""
