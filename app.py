"""The front end: shows what qa returns, decides nothing; its parts are in ``web``."""

from web import build_app, launch, mount

__all__ = ["build_app", "launch", "mount"]
