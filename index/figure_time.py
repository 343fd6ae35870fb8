"""When a figure holds: the years and plan periods that a text names, and what governs a section.

Only what the text says counts. A year that the source lost (到年,…) gives none.
"""

import re
from dataclasses import dataclass
from typing import Literal

from index.documents import Document
from index.normalise import normalise

Kind = Literal["target", "baseline"]
Period = tuple[int, int]

_ORDINALS = "一二三四五六七八九"
_FIVE = rf"“?(?:第?十([{_ORDINALS}])个?五(?:年)?)”?(?:规划)?"
_MARK = re.compile(
    rf"(?P<deadline>力争到|到|至|截至|截止)?(?:(?P<first>(?:19|20)\d\d)年?[-—–~至到]+)?(?P<year>(?:19|20)\d\d)年(?P<late>(?:年?底|末|\d+月底)?(?:前|之前)?)"
    rf"|(?P<plan>{_FIVE})(?P<phase>时期|期间|期末|末|以来|前[一二三四]年|收官|(?=,)|$)"
    r"|(?P<past>(?:过去|这|近|的)?(?:五|5)年(?:来|间)|过去的?(?:五|5)年|(?:过去|这)五年)"
    r"|(?P<then>(?:到|至)?(?:五|5)年(?:后|之后|末))"
    r"|(?P<coming>(?:今后|未来|接下来的?)(?:五|5)年)"
    r"|(?P<last>去年|上年|过去的?一年|刚刚过去的一年|一年来)|(?P<this>今年|本年度)|(?P<next>明年)"
)
# 二〇三五年, as many characters as 2035年
_WRITTEN_YEAR = re.compile(r"(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
# A time after one of these is what something is compared with, not when it holds.
_COMPARED = re.compile(
    r"(?:是|较于|较|比|与|同|优于|高于|低于|快于|慢于|好于|超过|相当于|多于|自)$"
)
_COMPARED_AFTER = re.compile(
    r"相比|(?:的)?基础上|不变价|可比价|价格|口径|的\d|同期|(?:年)?以来|的(?:[一二两三四五六七八九十]+|\d+\.?\d*)倍"
)
_BASE_WORDS = re.compile(r"回顾|成就|成效|基础$|总结|现状|历程|完成情况")
_PAST = re.compile(
    r"(?:发展|现实|工作|规划|坚实|良好)基础$|成就|(?<!新)成效$|现状|回顾|历程|(?:发展|面临的?)(?:环境|形势|趋势|背景)$"
    r"|面临.{0,8}(?:形势|环境|机遇|挑战)|(?:形势|趋势)$"
)
_AIM_WORDS = re.compile(
    r"目标|任务|安排|部署|要求|重点|指标|愿景|建议|举措|措施|取向|计划|主要工作|工作$"
)


@dataclass(frozen=True, slots=True)
class When:
    """A year, or a period of first and last year, or neither; and what figures then are."""

    year: int | None = None
    period: Period | None = None
    kind: Kind | None = None

    @property
    def known(self) -> bool:
        """Whether the text gave a time at all."""
        return self.year is not None or self.period is not None

    @property
    def last(self) -> int | None:
        """The year, or the last year of the period."""
        return self.period[1] if self.period else self.year


@dataclass(frozen=True, slots=True)
class Mark:
    """A time named at ``[start, end)``; a deadline (到2025年) governs what follows it.

    ``ranged`` tells a period whose two years are written from one that goes by a name.
    """

    start: int
    end: int
    when: When
    deadline: bool
    compared: bool
    ranged: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """The fixed points of a document: the year of a report, the period of a plan."""

    report: int | None
    plan: Period | None
    is_report: bool
    issued: int | None = None

    @property
    def start(self) -> int | None:
        """The first year that is future to the document."""
        return self.plan[0] if self.plan else self.report

    def kind(self, when: When, deadline: bool) -> Kind | None:
        """Whether figures of ``when`` are targets or baselines; None if the text must say."""
        last = when.last
        if last is None:
            return None
        if self.start is None:
            known = self.issued is not None and last != self.issued
            past = known and last < (self.issued or 0)
            return "target" if deadline or (known and not past) else "baseline" if past else None
        if self.start is not None:
            return "target" if last >= self.start else "baseline"
        return None

    @property
    def default(self) -> When:
        """What figures are where nothing governs: those of a five-year plan take its period."""
        if self.plan and not self.is_report:
            five = self.plan[1] - self.plan[0] <= 4
            return When(period=self.plan if five else None, kind="target")
        if self.is_report:
            return When(year=None, kind=None)
        return When(kind="target")

    @property
    def tasks(self) -> When:
        """What a work report sets out to do: in the year that it is given in."""
        return When(year=self.report, kind="target")

    @property
    def review(self) -> When:
        """What a chapter on the past speaks of: the five years before a five-year plan."""
        if self.plan and self.plan[1] - self.plan[0] == 4 and not self.is_report:
            return When(period=(self.plan[0] - 5, self.plan[0] - 1), kind="baseline")
        return When(kind="baseline")


def calendar(document: Document, headings: list[str]) -> Calendar:
    """Read the fixed points of ``document`` from its metadata and its headings."""
    title = normalise(document.title).text
    is_report = "工作报告" in title or any("回顾" in heading for heading in headings[:12])
    report = _report_year(title, headings, document.issued) if is_report else None
    issued = re.match(r"(?:19|20)\d\d", document.issued)
    return Calendar(report, document.period, is_report, int(issued.group()) if issued else None)


def _report_year(title: str, headings: list[str], issued: str) -> int | None:
    years = [int(year) for year in re.findall(r"20\d\d", title)]
    if years:
        return max(years)
    for heading in headings:
        year = re.search(r"(20\d\d)年", heading)
        if year and _BASE_WORDS.search(heading):
            return int(year.group(1)) + 1
        if year and _AIM_WORDS.search(heading):
            return int(year.group(1))
    return int(issued[:4]) if re.match(r"20\d\d", issued) else None


def marks(search: str, points: Calendar) -> list[Mark]:
    """Return the times that ``search`` names, in order."""
    found = []
    search = _WRITTEN_YEAR.sub(lambda match: match.group().translate(_DIGITS), search)
    for match in _MARK.finditer(search):
        when = _when(match, points)
        if when is None:
            continue
        deadline = bool(match["deadline"] or match["late"])
        compared = bool(
            _COMPARED.search(search[: match.start()]) or _COMPARED_AFTER.match(search, match.end())
        )
        kind = points.kind(when, deadline)
        found.append(
            Mark(
                *match.span(),
                When(when.year, when.period, kind),
                deadline,
                compared,
                bool(match["first"]),
            )
        )
    return found


def _when(match: re.Match[str], points: Calendar) -> When | None:
    if match["year"]:
        year = int(match["year"])
        first = int(match["first"]) if match["first"] else year
        return When(period=(first, year)) if first < year else When(year=year)
    if match["plan"]:
        period = five_years(match["plan"])
        late = match["phase"] in {"末", "期末"}
        return When(year=period[1]) if late else When(period=period)
    return _relative(match, points)


def five_years(plan: str) -> Period:
    """Return the first and last year of the plan that 十四五 names; the tenth began in 2001."""
    ordinal = re.search(rf"十([{_ORDINALS}])", plan)
    start = 2001 + 5 * (_ORDINALS.index(ordinal.group(1)) + 1) if ordinal else 2001
    return start, start + 4


def _relative(match: re.Match[str], points: Calendar) -> When | None:
    start = points.start
    if start is None:
        return None
    if match["past"]:
        return When(period=(start - 5, start - 1))
    if match["then"]:
        return When(year=start + 4)
    if match["coming"]:
        return When(period=(start, start + 4))
    if points.report is None:
        return None
    step = -1 if match["last"] else 1 if match["next"] else 0
    return When(year=points.report + step)


def heading_frame(heading: str, points: Calendar) -> When | None:
    """What a heading says of the figures under it; None if it says nothing."""
    if points.is_report and points.start and re.search(r"(?<!未来)(?<!今后)的(?:五|5)年$", heading):
        return When(period=(points.start - 5, points.start - 1), kind="baseline")
    base, aim = _BASE_WORDS.search(heading), _AIM_WORDS.search(heading)
    said = [mark for mark in marks(heading, points) if not mark.compared] or _loose(heading, points)
    if said:
        when = said[0].when
        kind: Kind | None = (
            "baseline" if base and not aim else when.kind or ("target" if aim else None)
        )
        if when.kind == "baseline":
            kind = "baseline"
        return When(when.year, when.period, kind)
    if aim and not base and not points.is_report:
        return points.default
    if _PAST.search(heading) and not aim and not points.is_report:
        return points.review
    return None


def _loose(heading: str, points: Calendar) -> list[Mark]:
    """In a heading a plan's name is a time even without 时期."""
    match = re.search(_FIVE, heading)
    return marks(match.group() + "时期", points) if match else []


def opening_frame(sentence: str, points: Calendar) -> When | None:
    """What a paragraph's first words set for the paragraphs after it: 五年来,… 今年…主要预期目标."""
    lead = re.sub(
        r"^(?:各位代表[!,]?|同志们[!,]?|总的?看,|回首|回望|综观|(?:刚刚)?过去的)+", "", sentence
    )
    for mark in marks(lead[:40], points):
        if mark.compared or mark.deadline or mark.start > 6:
            continue
        opened = lead[mark.end :]
        if re.match(
            r"(?:是|,|的|时期|来|全[省市区县国]|经济社会|政府工作|发展|主要|我[们省市区县]|[全本])",
            opened,
        ):
            return mark.when
    return None
