"""Remembers: tables, unit of work, stores, outbox, encryption, audit and migrations."""
