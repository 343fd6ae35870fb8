"""The only readers of sources: files and folders in, Documents out."""

from index.read.folder import Reading, Skipped, read_sources

__all__ = ["Reading", "Skipped", "read_sources"]
