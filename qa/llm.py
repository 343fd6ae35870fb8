"""A language model that the user has: its options, and the client that streams from it.

Any endpoint that speaks OpenAI's protocol will do. Nothing is sent anywhere unless an address is
given, by option or by environment.
"""

import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from index import GuiwenError, InputError

URL = "GUIWEN_LLM_URL"
MODEL = "GUIWEN_LLM_MODEL"
KEY = "GUIWEN_LLM_KEY"

# An answer of short sentences is never so long; a stream that does not end is.
_LONGEST = 20_000

Messages = Sequence[dict[str, str]]


class LanguageModelError(GuiwenError):
    """The language model cannot be reached, or did not answer as its protocol says."""

    exit_code = 6


@dataclass(frozen=True)
class LanguageModel:
    """An endpoint and the model to ask there.

    ``timeout`` is how many seconds a whole answer may take. Endpoints that need no ``key`` get a
    placeholder.
    """

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 30.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise InputError(
                f"语言模型的地址应以 http:// 或 https:// 开头，实际为“{self.base_url}”。"
            )
        if not self.model:
            raise InputError(f"没有给出语言模型的名称。请用 --llm-model 或环境变量 {MODEL} 给出。")

    @classmethod
    def from_environment(
        cls, url: str | None = None, model: str | None = None, key: str | None = None
    ) -> "LanguageModel | None":
        """Return the model that the options name, else the environment; None for no address.

        Raises:
            InputError: an address that is none, or an address without the name of a model.
        """
        address = url or os.environ.get(URL, "")
        if not address:
            if model or key:
                raise InputError(f"没有给出语言模型的地址。请用 --llm-url 或环境变量 {URL} 给出。")
            return None
        return cls(address, model or os.environ.get(MODEL, ""), key or os.environ.get(KEY, ""))

    def check(self) -> None:
        """Make sure that the client is installed.

        Raises:
            LanguageModelError: it is not.
        """
        _openai()

    def stream(self, messages: Messages) -> Iterator[str]:
        """Yield the answer to ``messages`` piece by piece, as it comes.

        A thread reads, so that the limit holds although the endpoint keeps the line busy.

        Raises:
            LanguageModelError: no endpoint, an error, nonsense, a broken or an endless answer.
        """
        read: queue.Queue[str | LanguageModelError | None] = queue.Queue()
        stop = threading.Event()
        reader = threading.Thread(target=self._read, args=(messages, read, stop), daemon=True)
        ends = time.monotonic() + self.timeout
        reader.start()
        try:
            while True:
                try:
                    piece = read.get(timeout=max(0.0, ends - time.monotonic()))
                except queue.Empty:
                    raise LanguageModelError(self._slow()) from None
                if piece is None:
                    return
                if isinstance(piece, LanguageModelError):
                    raise piece
                yield piece
        finally:
            stop.set()

    def _read(
        self,
        messages: Messages,
        read: "queue.Queue[str | LanguageModelError | None]",
        stop: threading.Event,
    ) -> None:
        try:
            for piece in self._pieces(messages):
                if stop.is_set():
                    return
                read.put(piece)
            read.put(None)
        except LanguageModelError as error:
            read.put(error)
        except Exception as error:  # the client lets through whatever a bad answer makes it raise
            read.put(LanguageModelError(self._explain(error)))

    def _pieces(self, messages: Messages) -> Iterator[str]:
        openai = _openai()
        length, ended = 0, False
        with (
            openai.OpenAI(
                base_url=self.base_url,
                api_key=self.key or "none",
                timeout=self.timeout,
                max_retries=0,
            ) as client,
            self._ask(openai, client, messages) as chunks,
        ):
            for chunk in chunks:
                for choice in chunk.choices[:1]:
                    piece = choice.delta.content or ""
                    ended = ended or bool(choice.finish_reason)
                    length += len(piece)
                    yield piece
                if length > _LONGEST:
                    raise LanguageModelError(f"语言模型的回答超过 {_LONGEST} 字，已停止读取。")
        if not ended:
            raise LanguageModelError("语言模型的回答中途断开。")

    def _ask(self, openai: Any, client: Any, messages: Messages) -> Any:  # noqa: ANN401
        asked = {"model": self.model, "messages": list(messages), "stream": True}
        try:
            return client.chat.completions.create(**asked, temperature=0)
        except openai.BadRequestError as error:
            # Some models take no temperature.
            if "temperature" not in str(error):
                raise
            return client.chat.completions.create(**asked)

    def _slow(self) -> str:
        return f"语言模型没有在 {self.timeout:g} 秒内答完。"

    def _explain(self, error: Exception) -> str:
        """Say in Chinese what went wrong; never with the key, nor with what the endpoint wrote."""
        openai = _openai()
        # Older clients let the errors of httpx through while they stream.
        raw = type(error).__module__.startswith("httpx")
        if isinstance(error, openai.APITimeoutError) or (raw and "Timeout" in type(error).__name__):
            return self._slow()
        if isinstance(error, openai.APIStatusError):
            reason = _STATUS.get(error.status_code, "")
            return f"语言模型的端点返回错误 HTTP {error.status_code}{reason}。"
        if raw or isinstance(error, openai.APIConnectionError):
            return f"无法连接语言模型的端点 {urlsplit(self.base_url).hostname}，或连接中途断开。"
        if isinstance(error, openai.APIError):
            return "语言模型的端点报告了错误。"
        return f"语言模型的端点没有按协议回答（{type(error).__name__}）。"


_STATUS = {
    401: "（密钥无效）",
    403: "（没有权限）",
    404: "（地址或模型名称有误）",
    429: "（请求过多或额度用尽）",
}


def _openai() -> Any:  # noqa: ANN401 - an optional package, imported late
    try:
        import openai
    except ImportError as error:
        raise LanguageModelError(
            "使用语言模型需要 openai 包。请运行：pip install 'guiwen[llm]'"
        ) from error
    return openai
