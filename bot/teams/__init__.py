"""The Teams edge: what arrives, what goes out, and the proof of who is speaking."""
