"""A year of the officers' office, played on the real stores with the real use cases and watchdog, the clock stepped."""
