"""Forecasts as they would have been made in the past: which models to trust, and how far off they are."""
