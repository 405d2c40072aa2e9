"""The conversations of the reporter outside the intake: own signals and the feedback on them."""
