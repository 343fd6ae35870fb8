"""Indicators side by side over regions and years: what can be compared, tables, charts, files."""
