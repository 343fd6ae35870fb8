"""Every failure of a call as JSON in Chinese, with the right status; never a traceback."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from index import (
    EncoderError,
    GuiwenError,
    IndexLockedError,
    InputError,
    SourceError,
    StoreError,
)

UNFORESEEN = "出现了没有预料到的问题，这一次没有得到结果。请稍后再试；若仍出现，请把 X-Request-Id 告诉管理员。"

_CODES = {
    400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found",
    405: "method_not_allowed", 408: "too_slow", 409: "conflict", 413: "too_large", 422: "invalid",
    429: "too_many_requests", 500: "unforeseen", 503: "unavailable",
}  # fmt: skip
_TOLD = {
    400: "请求不合 HTTP 的规定。",
    404: "没有这个地址。可用的地址见 /docs。",
    405: "这个地址不接受这种方法。用法见 /docs。",
    408: "请求的内容没有在时限内发完。",
    413: "请求的内容太大。",
}
# Errors of the index, the most special first.
_STATUS: tuple[tuple[type[GuiwenError], int], ...] = (
    (IndexLockedError, 409),
    (StoreError, 503),
    (EncoderError, 503),
    (InputError, 422),
    (SourceError, 422),
)
# Dify's own codes for a bad header, a key that is refused and a library that is not there.
_DIFY = {401: 1001, 403: 1002, 404: 2001}
RETRIEVAL = "/retrieval"


class Failure(BaseModel):
    """What went wrong, in OpenAI's form."""

    message: str = Field(description="说明与改正办法（中文）")
    code: str = Field(description="错误的种类")
    type: str = Field(default="guiwen_error", description="固定")
    param: str | None = Field(default=None, description="有误的字段")


class ErrorReply(BaseModel):
    """The body of every reply that is no success."""

    error: Failure


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorReply, "description": told}
    for status, told in (
        (400, "请求不是有效的 JSON"),
        (401, "没有密钥或密钥不对"),
        (403, "密钥无权这样做"),
        (404, "没有这个资料库或文件"),
        (409, "与现状冲突，例如索引正在更新"),
        (413, "请求太大"),
        (422, "字段有误"),
        (429, "请求过多，见 Retry-After"),
        (503, "索引暂不可用"),
    )
}


class CallError(Exception):
    """A call that cannot be served; ``str(error)`` is the Chinese message."""

    def __init__(
        self, status: int, message: str, code: str = "", *, param: str | None = None, retry: int = 0
    ) -> None:
        """Note the HTTP status, what to tell, the field that is wrong, seconds to wait."""
        super().__init__(message)
        self.status, self.code = status, code or _CODES[status]
        self.param, self.retry = param, retry


def reply(error: CallError, path: str) -> JSONResponse:
    """The answer to a call on ``path`` that failed."""
    failure = Failure(message=str(error), code=error.code, param=error.param, type="guiwen_error")
    body: dict[str, Any] = ErrorReply(error=failure).model_dump()
    if path == RETRIEVAL:
        body |= {"error_code": _DIFY.get(error.status, error.status), "error_msg": str(error)}
    headers = {}
    if error.retry:
        headers["Retry-After"] = str(error.retry)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, error.status, headers)


def told(error: Exception) -> CallError:
    """What to tell of any failure; what was not foreseen goes to the log."""
    if isinstance(error, CallError):
        return error
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return CallError(status, str(error), retry=5 if status in {409, 503} else 0)
    logging.getLogger("guiwen").exception("a call failed", exc_info=error)
    return CallError(500, UNFORESEEN)


def add_handlers(app: FastAPI) -> None:
    """Make ``app`` answer failures in this form."""

    async def failed(request: Request, error: Exception) -> JSONResponse:
        return reply(told(error), request.url.path)

    async def refused(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        message = _TOLD.get(status, "请求没有被接受。")
        answer = reply(CallError(status, message, _CODES.get(status, "refused")), request.url.path)
        for name, value in (getattr(error, "headers", None) or {}).items():
            answer.headers[name] = value
        return answer

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        found = error.errors() if isinstance(error, RequestValidationError) else []
        return reply(complaint(found), request.url.path)

    app.add_exception_handler(CallError, failed)
    app.add_exception_handler(GuiwenError, failed)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)


def complaint(found: Sequence[Mapping[str, Any]]) -> CallError:
    """Tell in Chinese what pydantic found, the first ten; values are never repeated."""
    if any(one["type"] == "json_invalid" for one in found):
        return CallError(400, "请求不是有效的 JSON。请检查引号、逗号和编码（应为 UTF-8）。")
    lines = [f"{_place(one['loc'])}{_wanted(one)}" for one in found[:10]]
    more = f"（另有 {len(found) - 10} 处）" if len(found) > 10 else ""
    param = ".".join(map(str, found[0]["loc"][1:])) if found else None
    return CallError(422, "；".join(lines) + more + "。", param=param or None)


def _place(location: Sequence[object]) -> str:
    inside = [str(part) for part in location[1:]]
    return f"字段 {'.'.join(inside)} " if inside else "请求内容"


_WANTED = {
    "missing": "没有给出",
    "extra_forbidden": "不是可用的字段，请检查拼写",
    "string_type": "应为文字",
    "string_unicode": "应为 UTF-8 文字",
    "string_too_short": "不应少于 {min_length} 个字",
    "string_too_long": "不应多于 {max_length} 个字",
    "string_pattern_mismatch": "的写法不对",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "too_short": "不应少于 {min_length} 项",
    "too_long": "不应多于 {max_length} 项",
    "literal_error": "应为 {expected} 之一",
    "model_attributes_type": "应为 JSON 对象，并以 Content-Type: application/json 发送",
    "model_type": "应为 JSON 对象",
}


def _wanted(one: Mapping[str, Any]) -> str:
    wanted = _WANTED.get(one["type"], f"不合要求（{one['type']}）")
    return wanted.format_map({"min_length": "", "max_length": "", **one.get("ctx", {})})
