"""The whole bot on a simulated clock and a simulated Teams: thousands of bad days, each of which can be replayed.

`python -m tests.simulation --seed 7` plays the day of seed 7 again, to the letter; `--seeds 1000` plays that many.

What is real: the composition root, the web application with its routes, the dialogs, the outbox, the watchdogs, the
stores and SQLite. What is simulated: time, the event loop's waiting, the network to and from Teams, and who presses
what. Nothing sleeps and nothing listens: an hour of waiting costs what happens in it.
"""
