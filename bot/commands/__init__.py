"""The commands of the terminal that need no settings, no database and no network."""
