"""The page: shows what ``qa`` returns, decides nothing. This is the only door to the package."""

from web.page import build_app, launch, mount

__all__ = ["build_app", "launch", "mount"]
