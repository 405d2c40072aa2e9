"""How an administrator keeps the directory of partners right, in the chat."""
