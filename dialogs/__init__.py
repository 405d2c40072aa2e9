"""The core: what is asked, what it means and what may happen. Pure Python, no input or output."""
