"""Styles and scripts of the page: all ``*.css`` and ``*.js`` of this folder, in order of name."""

import json
from importlib.resources import files

from qa.words import Words

# Texts that scripts say; a script asks for them by ``say('已复制')``.
SAID = (
    "已复制",
    *("看文字", "看原件页面", "正在取页面……", "没有找到"),
    "文件太大，没有上传：",
)


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
