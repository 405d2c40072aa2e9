"""Speaks Teams and wires everything together."""
