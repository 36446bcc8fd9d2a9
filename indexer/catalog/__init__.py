"""The SQLite catalogue: schema, bulk load, typed read-only queries."""
