"""An engine for a program that runs for long: it follows the index as others change it."""

import logging
from threading import Lock

from index import GuiwenError
from qa.engine import Engine


class Living:
    """Gives the engine over the version of the index that is in use now.

    Take it once for each question: an engine that was given goes on answering from its version,
    whatever comes after it. A newer version that cannot be opened is told to the log, and the
    engine so far is kept.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()

    @property
    def engine(self) -> Engine:
        """The engine to ask the next question of."""
        with self._lock:
            try:
                self._engine = self._engine.renewed()
            except GuiwenError as error:
                logging.getLogger("guiwen").warning("索引的新版本无法打开，继续用原来的：%s", error)
            return self._engine
