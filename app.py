"""The front end: shows what qa returns, decides nothing; its parts are in ``web``."""

from qa import Engine, Shelf
from web import build_app
from web import launch as serve

__all__ = ["build_app", "launch"]


def launch(engine: Engine, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page over one library until it is interrupted; see :func:`web.launch`."""
    serve(Shelf({"默认": engine}), host, port)
