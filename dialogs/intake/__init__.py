"""The questions of the intake, the flow through them and the summary."""
