"""What is to be compared, and that it can be: indicators, regions and years."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from index import InputError

Rows = Literal["regions", "years"]

# A table that no one can read is refused, and so is a request that is none of a page.
MOST_INDICATORS = 12
MOST_REGIONS = 100
MOST_YEARS = 60
_LONGEST = 100
_YEAR = re.compile(r"((?:19|20)\d\d)年?")
_YEARS = re.compile(r"((?:19|20)\d\d)年?\s*[-–—~～至到]+\s*((?:19|20)\d\d)年?")


@dataclass(frozen=True, slots=True)
class Asked:
    """Names as typed; no regions or no years means all that the indicators are given for.

    ``rows`` are regions or years, the columns the other; ``join`` takes synonyms together.
    """

    indicators: tuple[str, ...]
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    rows: Rows = "regions"
    join: bool = True

    def __post_init__(self) -> None:
        for kind, given, most in (
            ("指标", self.indicators, MOST_INDICATORS),
            ("地区", self.regions, MOST_REGIONS),
            ("年份", self.years, MOST_YEARS),
        ):
            if len(given) > most:
                raise InputError(
                    f"一次最多比较 {most} 个{kind}，实际有 {len(given)} 个。请分几次比较。"
                )
        if not self.indicators:
            raise InputError("请写明要比较的指标，例如：常住人口城镇化率。")


def asked_from(data: object) -> Asked:
    """Return what a page or a program asks for: {"indicators", "regions", "years", "rows", "join"}.

    Raises:
        InputError: it is not of this form, or too much.
    """
    if not isinstance(data, dict):
        raise InputError("比较的要求应为一个对象，写明指标、地区和年份。")
    rows = data.get("rows", "regions")
    if rows not in get_args(Rows):
        raise InputError(
            f"表格的行应为 regions（地区）或 years（年份），实际为 {str(rows)[:_LONGEST]}。"
        )
    years = [year for text in _texts(data, "years") for year in years_of(text)]
    return Asked(
        tuple(_texts(data, "indicators")),
        tuple(_texts(data, "regions")),
        tuple(dict.fromkeys(years)),
        rows,
        bool(data.get("join", True)),
    )


def years_of(text: str) -> list[int]:
    """Return the year or years that ``text`` names: 2025, 2025年, 2021-2025.

    Raises:
        InputError: it names none.
    """
    typed = text.strip()
    if one := _YEAR.fullmatch(typed):
        return [int(one[1])]
    if some := _YEARS.fullmatch(typed):
        first, last = sorted((int(some[1]), int(some[2])))
        return list(range(first, last + 1))
    raise InputError(f"“{text}”不是年份。请写四位数的年份，例如：2025，或 2021-2025。")


def _texts(data: dict[object, object], key: str) -> Sequence[str]:
    given = data.get(key) or []
    texts = [str(one) for one in given] if isinstance(given, list) else None
    if texts is None or any(len(text) > _LONGEST or not text.strip() for text in texts):
        raise InputError(f"{key} 应为文字的列表，每项不超过 {_LONGEST} 字。")
    return list(dict.fromkeys(texts))
