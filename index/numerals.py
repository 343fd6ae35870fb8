"""Chinese and Arabic numerals → numbers: 78.5, 1.3万, 二十五, 七十八点五, 百分之五, 三分之一, 翻一番.

``cn2an`` reads the Chinese digits; what plans write around them (万 and 亿 after Arabic digits, 半,
bare 千万, fractions, 成, doublings) is read here. Sums are decimal, so that 2.77万亿 is exact.
"""

import re
from decimal import Decimal
from functools import cache

_CHINESE = "零〇一二两三四五六七八九十百千万亿"
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# 千 before 克, 米, 瓦 and 伏 belongs to the unit.
SCALE = r"(?:万亿|[十百千]?[万亿]|[百千](?![克米瓦伏]))"
CHINESE = rf"[{_CHINESE}]+(?:点[零〇一二三四五六七八九]+[万亿]*)?"
PARTS = rf"(?:十?万|[百千])分之(?:{CHINESE}|{ARABIC})"
RATIO = r"[一二三四五六七八九十]+分之[一二三四五六七八九十]+|\d{1,2}/\d{1,2}(?![\d万])"
DOUBLING = r"翻(?:了)?(?:([一两二三四五])?番|倍)"

_ARABIC_SCALED = re.compile(rf"({ARABIC})({SCALE}*)")
_PARTS = {"百", "千", "万", "十万"}


def number(text: str) -> float:
    """Return the number that ``text`` writes; 百分之五 is 5 and 千分之二 is 2, as in 5% and 2‰.

    Raises:
        ValueError: ``text`` is not a numeral.
    """
    value = _decimal(text.replace(" ", ""))
    return int(value) if value == value.to_integral_value() else float(value)


def _decimal(text: str) -> Decimal:
    scaled = _ARABIC_SCALED.fullmatch(text)
    if scaled:
        return Decimal(scaled.group(1).replace(",", "")) * scale(scaled.group(2))
    if text == "半":
        return Decimal("0.5")
    if "分之" in text:
        whole, part = text.split("分之", 1)
        return _decimal(part) if whole in _PARTS else _divide(part, whole)
    if "/" in text:
        return _divide(*text.split("/", 1))
    return _written_out(text)


def _written_out(text: str) -> Decimal:
    if text and all(character in _SCALES for character in text) and text != "十":
        return scale(text)
    mixed = re.fullmatch(r"(.*点.*?)([万亿]+)", text)
    if mixed:
        return _decimal(mixed.group(1)) * scale(mixed.group(2))
    return _chinese(text)


def _divide(part: str, whole: str) -> Decimal:
    divisor = _decimal(whole)
    if not divisor:
        raise ValueError(f"expected a fraction, got {part}/{whole}")
    return round(_decimal(part) / divisor, 6)


def scale(text: str) -> Decimal:
    """Return the factor of a run of scale characters: 万亿 is 10**12, the empty run 1."""
    factor = Decimal(1)
    for character in text:
        factor *= _SCALES[character]
    return factor


@cache
def _chinese(text: str) -> Decimal:
    from cn2an import cn2an  # type: ignore[import-untyped]

    try:
        return Decimal(str(cn2an(text, "normal")))
    except (ValueError, KeyError) as error:
        raise ValueError(f"expected a numeral, got “{text}”") from error


def doubling(text: str) -> int | None:
    """Return the multiple that 翻番, 翻一番 (2), 翻两番 (4) name; None for anything else."""
    match = re.fullmatch(DOUBLING, text)
    if not match:
        return None
    return 1 << int(number(match.group(1) or "一"))
