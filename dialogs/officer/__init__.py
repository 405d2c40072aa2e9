"""The conversations of those who handle signals: the queue and one signal."""
