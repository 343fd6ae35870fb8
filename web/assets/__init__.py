"""Styles and scripts of the page: all ``*.css`` and ``*.js`` of this folder, in order of name."""

import json
from importlib.resources import files

from qa.words import Words

# Texts that scripts say; a script asks for them by ``say('已复制')``.
SAID = (
    "已复制", "原文已变", "外观", "随系统", "浅色", "深色", "输入文字查找", "哪里不对？可以不写。", "记下",
    "历史", "关闭", "删除", "{count} 问", "对话只存在这个浏览器里，最多 50 段。",
    "还没有对话。问过的会留在这个浏览器里，别人看不到。", "浏览器不允许保存，历史不可用。",
    "与规问的连接断开了，正在重连。没有答完的问题没有丢，已放回输入框。", "重新载入", "规问已恢复，正在重新载入。",
    "看文字", "看原件页面", "正在取页面……", "没有找到", "文件太大，没有上传：",
)  # fmt: skip


def first(say: Words, other: Words) -> str:
    """Return what both pages begin with: ``other`` is the language of ``/en``.

    It sets light or dark from the first moment on, and shows a question box that can be written
    into while the scripts of the page are still being loaded.
    """
    texts = {
        one.language: [
            one(text) for text in ("规问", "查政府规划，句句有原文", "写下问题，按回车发送")
        ]
        for one in (say, other)
    }
    told = json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")
    html = (files(__name__) / "first.html").read_text(encoding="utf-8")
    return html.replace("TEXTS", told).replace("OTHER", json.dumps(other.language))


def style() -> str:
    """Return the styles of all parts of the page."""
    return _joined(".css")


def script(say: Words) -> str:
    """Return the scripts of all parts of the page, each in a scope of its own.

    They run once, with ``element`` (the HTML of the source pane) and ``server`` (its functions)
    at hand, and ``say`` for words in the language of the page.
    """
    table = json.dumps({text: say(text) for text in SAID}, ensure_ascii=False)
    head = f"const words = {table};\nconst say = (text) => words[text] ?? text;\n"
    language = f"document.documentElement.lang = {json.dumps(say.language)};\n"
    return head + language + _joined(".js", "{{\n{}\n}}\n")


def _joined(ending: str, form: str = "{}\n") -> str:
    found = sorted((one for one in files(__name__).iterdir()), key=lambda one: one.name)
    return "".join(
        form.format(one.read_text(encoding="utf-8")) for one in found if one.name.endswith(ending)
    )
