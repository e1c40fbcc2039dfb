"""The SQLite store: its schema, its migrations, and every SQL statement of flashprep."""
