"""The bot dies: in this process at every await, and for real with kill -9 at every commit and every call to Teams."""
