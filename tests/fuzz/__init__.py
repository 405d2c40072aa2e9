"""What nobody meant to send: valid activities of Teams, damaged in every way that a seed can think of."""
