"""Conversations that nobody wrote: random presses, texts, redeliveries, crashes and deploys against a simple model."""
