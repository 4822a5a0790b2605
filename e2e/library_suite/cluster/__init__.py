"""The library on more than one machine, on this one: two nodes behind nginx, with PostgreSQL, PgBouncer and Redis."""
