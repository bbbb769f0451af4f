"""Everything that SQLite and PostgreSQL say differently. No other package names a database."""
