"""Source files: IMDb's TSVs, The Movies Dataset, their download, and the bundled sample."""

from indexer.sources.bundled import sample_dir
from indexer.sources.files import Sources, preflight
from indexer.sources.tsv import Rejected

__all__ = ["Rejected", "Sources", "preflight", "sample_dir"]
