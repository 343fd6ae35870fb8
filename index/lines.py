"""Physical lines → paragraphs: what scrapers and PDF exports did to the text, undone in spans.

A paragraph is a span of the original. Lines that a PDF export wrapped are one paragraph again;
page marks and web chrome are told apart so that they neither split a paragraph nor enter one.
"""

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median

from index.documents import Span
from index.normalise import normalise

TERMINAL = "。!?;:…"

_PAGE_MARK = re.compile(
    r"[-—–_·.\s]*\d{1,4}[-—–_·.\s]*|第\d+页(共\d+页)?|\d+/\d+|page\s*\d+(\s*of\s*\d+)?", re.I
)
_CHROME = re.compile(
    r"字号:?(大中小)?|【?字体:?|大|中|小|大中小】?|分享(到|至)?.{0,6}|热点推荐|[-—]*相关(阅读|链接|新闻|稿件|文章)"
    r"|打印(本页|此页)?|关闭(窗口|本页)?|返回(顶部|首页|列表)|[上下]一[篇条].*|扫码.{0,20}|扫一扫.{0,20}"
    r"|.*(版权所有|版权声明|版权申明|copyright|allrightsreserved|all rights reserved|icp备\d+|公网安备).*"
    r"|(主办|承办|承建|技术支持|运维|开发)单位:.{2,40}|网站(地图|简介|声明|标识码).*|转载请注明.*|本文(地址|链接):.*"
    r"|当前(时间|位置):.*|您(的|现在的|所在的)?位置:?.*|首页(>.*)?|>|搜索|收藏|登录|注册|投诉举报|数字报"
    r"|责任编辑:.*|浏览(次数|量):.*|阅读(次数|量)?:?\d*|点击(数|率|量):.*|无障碍.{0,6}|手机版|微信|微博",
    re.I,
)
# From one of these on, a web page shows nothing of the document any more.
_TAIL = re.compile(
    r"分享(到|至)?.{0,6}|热点推荐|[-—]*相关(阅读|链接|新闻|稿件|文章)|.*(copyright|版权所有|icp备\d+).*"
    r"|网站(简介|地图).*|[上下]一[篇条]:.*",
    re.I,
)
_SOURCE_COMMENT = re.compile(r"#\s*[a-z_]+\s*:.*", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank physical line: its span without surrounding blanks, and its search text."""

    span: Span
    search: str
    after_blank: bool


def split_lines(text: str) -> list[Line]:
    """Return the non-blank lines of ``text``; LF, CR LF or CR ends a line."""
    found: list[Line] = []
    blank = True
    for match in re.finditer(r"[^\r\n]*(?:\r\n|\n|\r|$)", text):
        content = match.group().rstrip("\r\n")
        stripped = content.strip()
        if not stripped:
            blank = blank or match.group() != ""
            continue
        start = match.start() + len(content) - len(content.lstrip())
        span = Span(start, start + len(stripped))
        search = normalise(stripped).text
        if search:
            found.append(Line(span, search, blank))
            blank = False
    return found


def chrome(lines: list[Line]) -> list[bool]:
    """Say for each line whether it is page furniture rather than the document's own text."""
    repeated = _running_heads(lines)
    verdicts = [
        bool(
            _PAGE_MARK.fullmatch(line.search)
            or _CHROME.fullmatch(line.search)
            or (_SOURCE_COMMENT.fullmatch(line.search) and index < 12)
            or line.search in repeated
        )
        for index, line in enumerate(lines)
    ]
    last = max((i for i, line in enumerate(lines) if _is_prose(line.search)), default=-1)
    for index in range(last + 1, len(lines)):
        if _TAIL.fullmatch(lines[index].search):
            return verdicts[:index] + [True] * (len(lines) - index)
    return verdicts


def _is_prose(search: str) -> bool:
    return len(search) >= 30 and search[-1] in TERMINAL + "”)" and not _TAIL.fullmatch(search)


def _running_heads(lines: list[Line]) -> set[str]:
    """Short unpunctuated lines that come back on page after page."""
    counts = Counter(
        line.search
        for line in lines
        if 4 <= len(line.search) <= 40 and line.search[-1] not in TERMINAL + ","
    )
    least = max(4, len(lines) // 400)
    return {search for search, count in counts.items() if count >= least}


def wrap_width(lines: list[Line]) -> int:
    """Return the width at which an export wrapped the lines, in characters; 0 if it did not."""
    prose = [len(line.search) for line in lines if len(line.search) >= 12]
    if len(prose) < 20:
        return 0
    width = int(median(prose))
    unfinished = sum(
        line.search[-1] not in TERMINAL + "”)" for line in lines if len(line.search) >= width - 3
    )
    full = sum(abs(size - width) <= 4 for size in prose)
    wrapped = 12 <= width <= 60 and full >= 0.5 * len(prose) and unfinished >= 0.5 * full
    return width if wrapped else 0
