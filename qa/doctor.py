"""``guiwen doctor``: what is installed, what works, what is slow, and how to mend each."""

import argparse
import importlib.metadata
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from index import GuiwenError, IndexMissingError
from qa.terminal import add_json, show

if TYPE_CHECKING:  # a help text needs no index
    from index import Index

State = Literal["ok", "hint", "slow", "bad"]
_SIGNS: dict[State, str] = {"ok": "正常", "hint": "提示", "slow": "较慢", "bad": "有误"}
NAME = "guiwen"
_QUESTION = "济南2025年城镇化率目标"
# Seconds beyond which a person waits: to open, to encode 100 texts, to answer.
_OPENS, _ENCODES, _ANSWERS = 10.0, 2.0, 1.0
_ASKED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and how to mend it; ``code`` is its exit code."""

    about: str
    state: State
    detail: str
    mend: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True)
class Shared:
    """What the commands of ``qa.cli`` share; ``engine`` opens what ``--index`` names."""

    add_index: Callable[[argparse.ArgumentParser], None]
    engine: Callable[[argparse.Namespace], Any]


def add_commands(commands: Any, shared: Shared) -> None:  # noqa: ANN401 - argparse has no public name
    """Add doctor."""
    one = commands.add_parser("doctor", help="检查安装、索引和速度，逐项说明怎样改正")
    shared.add_index(one)
    add_json(one)
    one.set_defaults(run=lambda options: _doctor(options, shared))


def _doctor(options: argparse.Namespace, shared: Shared) -> int:
    found = [*machine(), *packages(), *model(), *works(lambda: shared.engine(options))]
    show(options, [asdict(one) for one in found], lambda: text(found))
    return next((one.code for one in found if one.state == "bad"), 0)


def text(found: Sequence[Finding]) -> str:
    """The findings for a person, and a sum at the end."""
    lines = []
    for one in found:
        lines.append(f"[{_SIGNS[one.state]}] {one.about}：{one.detail}")
        if one.mend:
            lines.append(f"       → {one.mend}")
    bad = sum(one.state == "bad" for one in found)
    slow = sum(one.state == "slow" for one in found)
    told = "一切正常。" if not bad + slow else f"有误 {bad} 项，较慢 {slow} 项。"
    return "\n".join([*lines, told])


def machine() -> Iterator[Finding]:
    """Python, cores, and whether others keep the machine busy."""
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        yield Finding("Python", "ok", f"{version}，{platform.system()} {platform.machine()}")
    else:
        yield Finding("Python", "bad", version, "请用 Python 3.11 至 3.13 重新安装。", 1)
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > cores:
        mend = "先停下其他程序再看下面的用时。"
        yield Finding("处理器", "hint", f"{cores} 核，正忙（平均负载 {load:.1f}）", mend)
    else:
        yield Finding("处理器", "ok", f"{cores} 核")


def packages(name: str = NAME) -> Iterator[Finding]:
    """What the installed distribution requires, by extra, against what is there."""
    from packaging.requirements import Requirement

    try:
        needed = [Requirement(line) for line in importlib.metadata.requires(name) or ()]
    except importlib.metadata.PackageNotFoundError:
        yield Finding("安装", "hint", "不是用 pip 安装的，无法核对所需的包", "pip install guiwen")
        return
    extras = importlib.metadata.metadata(name).get_all("Provides-Extra") or []
    for extra in ("", *extras):
        own = [one for one in needed if _belongs(one, extra)]
        wrong = [trouble for one in own if (trouble := _trouble(one))]
        about = f"扩展 [{extra}]" if extra else f"{name} {importlib.metadata.version(name)}"
        if not wrong:
            yield Finding(about, "ok", f"{len(own)} 个包齐全")
            continue
        target = f"{name}[{extra}]" if extra else name
        detail = ("用到时才需要；" if extra else "") + "、".join(wrong)
        mend = f"pip install '{target}'"
        yield Finding(about, "hint" if extra else "bad", detail, mend, 0 if extra else 1)


def _belongs(needed: Any, extra: str) -> bool:  # noqa: ANN401 - a Requirement, imported late
    if needed.marker is None:
        return not extra
    always = needed.marker.evaluate({"extra": ""})
    return (
        bool(always) if not extra else bool(not always and needed.marker.evaluate({"extra": extra}))
    )


def _trouble(needed: Any) -> str:  # noqa: ANN401 - a Requirement, imported late
    try:
        version = importlib.metadata.version(needed.name)
    except importlib.metadata.PackageNotFoundError:
        return f"没有 {needed.name}"
    if needed.specifier.contains(version, prereleases=True):
        return ""
    return f"{needed.name} {version} 不合 {needed.specifier}"


def model() -> Iterator[Finding]:
    """Whether a language model is configured; it is not asked."""
    from qa.llm import LanguageModel

    try:
        made = LanguageModel.from_environment()
    except GuiwenError as error:
        yield Finding("语言模型", "bad", str(error), "改正环境变量 GUIWEN_LLM_*，或删去它们。", 2)
        return
    if made is None:
        yield Finding("语言模型", "ok", "没有配置：回答都是原文，不向任何地方发送")
    else:
        host = urlsplit(made.base_url).hostname
        yield Finding("语言模型", "hint", f"问题和段落会发送到 {host}（{made.model}）")


def works(opened: Callable[[], Any]) -> Iterator[Finding]:
    """Open the index, encode, answer; each timed."""
    try:
        engine, seconds = _timed(opened)
    except GuiwenError as error:
        mend = "用 guiwen index 来源 -o 目录 建立索引，再以 --index 目录 指明。"
        if not isinstance(error, IndexMissingError):
            mend = "按上面的说明改正，或用 guiwen index … --fresh 重新建立。"
        yield Finding("索引", "bad", str(error), mend, error.exit_code)
        return
    index: Index = engine.index
    size = f"{len(index.documents)} 份文件、{len(index.chunks)} 个段落"
    yield _pace(
        "打开索引", seconds, _OPENS, f"{index.folder}，{size}", "段落多时可用 --index milvus://…。"
    )
    if index.folder.is_dir():
        yield from _room(index.folder)
    yield from _encodes(index)
    _, first = _timed(lambda: engine.ask(_QUESTION))
    _, again = _timed(lambda: [engine.ask(_QUESTION) for _ in range(_ASKED)])
    detail = f"第一问 {first:.2f} 秒，此后每问 {again / _ASKED:.3f} 秒"
    yield _pace(
        "回答", again / _ASKED, _ANSWERS, detail, "多人使用时请用 guiwen serve，只打开一次。"
    )


def _encodes(index: "Index") -> Iterator[Finding]:
    texts = [index.search_text(row) for row in range(min(100, len(index.chunks)))]
    vectors, seconds = _timed(lambda: index.encoder.encode(texts))
    detail = f"{index.encoder.name}，{vectors.shape[1]} 维，{len(texts)} 段 {seconds:.2f} 秒"
    yield _pace(
        "编码器", seconds, _ENCODES, detail, "内置编码器不用显卡；其他模型建索引时可用显卡。"
    )


def _room(folder: Path) -> Iterator[Finding]:
    """An update writes the new index beside the old one."""
    held = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    free = shutil.disk_usage(folder).free
    detail = f"索引 {_mb(held)}，空余 {_mb(free)}"
    if not os.access(folder, os.W_OK):
        yield Finding(
            "磁盘", "hint", f"{detail}，没有写的权限", "要更新索引，请给出该文件夹的写权限。"
        )
    elif free < 2 * held:
        yield Finding("磁盘", "hint", detail, "更新时新旧索引并存，请腾出约索引两倍的空间。")
    else:
        yield Finding("磁盘", "ok", detail)


def _mb(size: int) -> str:
    return f"{size / 2**20:,.0f} MB"


def _pace(about: str, seconds: float, most: float, detail: str, mend: str) -> Finding:
    told = detail if "秒" in detail else f"{detail}，{seconds:.2f} 秒"
    if seconds > most:
        return Finding(about, "slow", f"{told}（通常不超过 {most:g} 秒）", mend)
    return Finding(about, "ok", told)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began
