"""Who may use which library: bearer keys, kept as digests and compared in constant time."""

import hashlib
import hmac
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from index import InputError

ENVIRONMENT = "GUIWEN_KEYS"
_LEAST = 16
# What a bearer token may consist of (RFC 6750), the libraries it opens, and whether it only reads.
_ENTRY = re.compile(r"(?P<key>[A-Za-z0-9._~+/-]+=*)(?:@(?P<libraries>[\w+-]+))?(?P<reads>:ro)?")
_FORM = "应为 密钥、密钥@资料库 或 密钥@资料库+资料库，只读的再加 :ro"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: ``name`` tells callers apart in logs and is no secret.

    ``libraries`` is None for all.
    """

    name: str
    libraries: frozenset[str] | None = None
    may_write: bool = True

    def may_use(self, library: str) -> bool:
        """Whether the caller's key opens ``library``."""
        return self.libraries is None or library in self.libraries


ANYONE = Caller("anyone")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a server, as SHA-256 digests; without any, everyone may do everything."""

    callers: tuple[tuple[bytes, Caller], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.callers)

    def caller(self, key: str) -> Caller | None:
        """Return whose key this is. Every key is compared, so that the time tells nothing."""
        asked = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
        found = None
        for digest, caller in self.callers:
            if hmac.compare_digest(asked, digest):
                found = caller
        return found


def read_keys(file: Path | None, libraries: Collection[str]) -> Keys:
    """Read the keys of ``file`` and of the environment variable ``GUIWEN_KEYS``.

    Entries are apart by lines, blanks or commas; what follows # on a line is a note.

    Raises:
        InputError: the file cannot be read, an entry is no key or too short, a library unknown.
    """
    given = [(f"环境变量 {ENVIRONMENT}", os.environ.get(ENVIRONMENT, ""))]
    if file is not None:
        try:
            given.append((f"密钥文件“{file}”", file.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "不是 UTF-8 文本"
            raise InputError(
                f"密钥文件“{file}”无法读取：{reason}。请检查路径、权限和编码。"
            ) from error
    found = [
        _entry(entry, f"{place}第 {number} 行", libraries)
        for place, text in given
        for number, line in enumerate(text.splitlines(), 1)
        for entry in line.partition("#")[0].replace(",", " ").split()
    ]
    if file is not None and not found:
        raise InputError(f"密钥文件“{file}”中没有密钥。每行一个，{_FORM}。")
    if len({digest for digest, _ in found}) != len(found):
        raise InputError("同一个密钥给出了两次。请把它可用的资料库写在一处。")
    return Keys(tuple(found))


def _entry(text: str, place: str, libraries: Collection[str]) -> tuple[bytes, Caller]:
    """Read one entry; an error never shows the key."""
    match = _ENTRY.fullmatch(text)
    if match is None:
        raise InputError(f"{place}有一项不是密钥：{_FORM}；密钥只能用字母、数字和 . _ ~ + / - =。")
    key = match["key"]
    if len(key) < _LEAST:
        raise InputError(
            f"{place}有一个密钥只有 {len(key)} 个字符，应不少于 {_LEAST} 个。"
            "可用 openssl rand -hex 24 生成。"
        )
    names = match["libraries"].split("+") if match["libraries"] else None
    unknown = [name for name in names or () if name not in libraries]
    if unknown:
        raise InputError(f"{place}写的资料库“{unknown[0]}”没有打开。已有：{'、'.join(libraries)}。")
    digest = hashlib.sha256(key.encode()).digest()
    opened = frozenset(names) if names else None
    return digest, Caller(f"key-{digest.hex()[:8]}", opened, match["reads"] is None)
