"""INSERT ... ON CONFLICT for both databases.

SQLite took the clause from PostgreSQL, and SQLAlchemy gives both dialects one element for it: what is made by
`postgresql.insert` compiles for SQLite too. The contract suite runs each such statement on both.
"""

from sqlalchemy.dialects.postgresql import insert

__all__ = ["insert"]
