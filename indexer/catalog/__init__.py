"""The SQLite catalogue: schema, bulk load, typed read-only queries."""

from indexer.catalog.catalog import Catalog
from indexer.catalog.load import LoadReport, load_catalog

__all__ = ["Catalog", "LoadReport", "load_catalog"]
