"""Meldroute on one machine: a connector that speaks the Bot Framework protocol, the try-out window and the demo."""
