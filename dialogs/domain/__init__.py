"""What a signal is, how it is weighed and what may happen to it."""
