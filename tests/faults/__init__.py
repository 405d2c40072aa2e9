"""Teams, the database and replicas at their worst: what must arrive arrives, in order, within the limits of Teams."""
