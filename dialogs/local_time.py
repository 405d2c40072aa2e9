"""Moments as people in the municipality read them."""

from datetime import datetime

from dialogs.domain.opening_hours import AMSTERDAM


def local_time(at: datetime) -> str:
    """An aware moment as "23-11-2026 16:05"."""
    return at.astimezone(AMSTERDAM).strftime("%d-%m-%Y %H:%M")


def local_date(at: datetime) -> str:
    """The day of an aware moment as "23-11-2026"."""
    return at.astimezone(AMSTERDAM).strftime("%d-%m-%Y")
