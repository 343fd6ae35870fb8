"""Filters of Milvus. Every literal goes through here, so that none can end the filter it is in."""

from collections.abc import Iterable

from index.errors import InputError


def quoted(text: str) -> str:
    """Return ``text`` as a string literal.

    Raises:
        InputError: it holds control characters, which servers read in different ways.
    """
    if not text.isprintable():
        raise InputError(f"检索条件 {text!r} 中有换行等控制字符。请去掉后重试。")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one_of(field: str, values: Iterable[str]) -> str:
    """The filter for rows whose ``field`` is one of ``values``."""
    return f"{field} in [{', '.join(map(quoted, values))}]"


def holds(field: str, value: str | int) -> str:
    """The filter for rows whose list ``field`` holds ``value``."""
    literal = quoted(value) if isinstance(value, str) else str(int(value))
    return f"array_contains({field}, {literal})"


def both(*filters: str) -> str:
    """The filter for rows that pass all; empty ones are left out."""
    given = [one for one in filters if one]
    return given[0] if len(given) == 1 else " and ".join(f"({one})" for one in given)
