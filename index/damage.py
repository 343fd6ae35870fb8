"""Damage that a text has come with: found and counted, never mended."""

import re
from typing import Literal

from index.normalise import GLOSS

Damage = Literal["year", "figure", "mojibake", "gloss", "marks"]

_MARK = "[,，、:：;；。!！?？]"
PATTERNS: dict[Damage, re.Pattern[str]] = {
    # 到年,全市…  三年行动计划(-年): the digits were stripped.
    "year": re.compile(
        r"(?:到|至|截至|比|较|于)年(?=[,，、。]|全[市省区县国州]|末)|[(（]\s*[-—–~～至]\s*年\s*[)）]"
        r"|(?<=[\u4e00-\u9fff])[-—–~～]年"
    ),
    # 达到%以上, 增长个百分点
    "figure": re.compile(
        r"(?:达到?|增长|提高|下降|降低|超过|突破|控制在|保持在|不低于)"
        r"(?:[%％‰]|个百分点|[万亿](?:元|人|亩|吨|户|平方)|公里|平方[米公]|元[,，。])"
    ),
    "mojibake": re.compile(
        r"[\ufffd\ue000-\uf8ff]+|锟斤拷|烫烫烫|屯屯屯"
        # Bytes of UTF-8 read as a western script: 年 as å¹´.
        r"|(?:[ä-é][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2})+"
        r"|(?<=[,，、(（“])\?(?=[\u4e00-\u9fff])"
    ),
    "gloss": GLOSS,
    # Two marks where one should be; ?! and !! are somebody's style.
    "marks": re.compile(rf"(?![!！?？]+(?!{_MARK})){_MARK}(?:[ \t]*{_MARK})+"),
}


def damage(text: str) -> dict[Damage, int]:
    """Return how many places of each kind of damage are found in ``text``; kinds found only."""
    counts = {kind: sum(1 for _ in pattern.finditer(text)) for kind, pattern in PATTERNS.items()}
    return {kind: count for kind, count in counts.items() if count}
