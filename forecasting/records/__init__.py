"""What the planner keeps: series, findings, forecasts, overrides, versions, calendars, requirements.

The tables are ``forecasting.tables``.
"""
