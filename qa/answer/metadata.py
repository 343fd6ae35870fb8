"""The document's own particulars: number, dates, issuer, telephone, source, reporter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index import Document, Part, SearchText, Span, normalise, sentences
from qa.answer.base import Draft, Evidence
from qa.cite import Claim


@dataclass(frozen=True, slots=True)
class _Field:
    """How a particular is asked for and how it stands in a document.

    ``found`` has one group, the value. ``anywhere`` looks into the body too; a field that does
    not stand there is said to be missing rather than looked for in prose. ``broken``: it may run
    over two lines of a title page.
    """

    name: str
    asked: re.Pattern[str]
    found: tuple[re.Pattern[str], ...]
    anywhere: bool = False
    broken: bool = False


def _field(
    name: str, asked: str, *found: str, anywhere: bool = False, broken: bool = False
) -> _Field:
    patterns = tuple(re.compile(pattern) for pattern in found)
    return _Field(name, re.compile(asked, re.I), patterns, anywhere, broken)


_SEP = r"[:|\s]*"
_DATE = r"\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?(?:\d{1,2}:\d{2})?"
_SPEAKER = r"(?:国务院总理|省长|市长|区长|县长|州长|旗长|主席|盟长|代理?省长)"
_FIELDS = (
    _field(
        "报告人",
        r"谁[^,。?]{0,6}(?:(?<!工)作|做|代表)|由谁|哪位.{0,6}(?:作|做|报告)|报告人|delivered",
        rf"({_SPEAKER}[ 　]*[\u4e00-\u9fff·]{{2,4}})$",
        rf"({_SPEAKER}[\u4e00-\u9fff·]{{2,4}})",
    ),
    _field(
        "会议",
        r"(?:哪一?[天日]|何时|什么时候|哪年).{0,8}(?:作|做|会)|什么会|哪次会|会上[作做]",
        r"((?:\d{4}年)\d{1,2}月\d{1,2}日在[^。]{6,40}会议上)",
        broken=True,
    ),
    _field(
        "批准",
        r"批准|审议|表决|通过(?!率)",
        r"((?:\d{4}年)?\d{1,2}月\d{1,2}日[^。;]{2,60}(?:批准|通过))",
        r"(经?[\u4e00-\u9fff\d]{4,40}(?:会议|大会)(?:审议|表决)?(?:批准|通过))",
        anywhere=True,
        broken=True,
    ),
    _field(
        "文号",
        r"文号|发文字号|文件编号|document number",
        rf"(?:文件编号|发文字号|文号){_SEP}([^\s|]{{2,12}}?[〔\[(]\d{{4}}[〕\])]第?\d+号)",
        r"([\u4e00-\u9fff]{1,10}[〔\[(]\d{4}[〕\])]第?\d+号)",
    ),
    _field("索引号", r"索引号|index number", rf"索引号{_SEP}([0-9A-Za-z/_-]{{6,}})"),
    _field(
        "联系电话",
        r"电话|phone|telephone",
        r"(?:联系电话|电话)[^0-9。;]{0,24}(\d[\d-]{6,})",
    ),
    _field(
        "联系处室",
        r"联系(?:处室|部门|单位|人)|contact",
        rf"(?:联系电话|联系人|联系单位|联系处室){_SEP}([^\d|,;。)]{{2,30}})",
    ),
    _field("记者", r"记者|reporter", rf"记者{_SEP}([\u4e00-\u9fff·]{{2,12}})"),
    _field(
        "印发对象",
        r"印发给|发给谁|主送",
        r"^((?:各|自治区|省|市)[^。:]{4,60}):$",
    ),
    _field(
        "发布机构",
        r"发布(?:的)?(?:机构|机关|单位|部门)|发文(?:机关|机构|单位)|issuing|publisher",
        rf"(?:发布机构|发文机关|发布机关|发布单位|信息来源){_SEP}([\u4e00-\u9fff]{{2,24}})",
    ),
    _field(
        "印发主体",
        r"落款|署名|名义|谁(?:印发|发)|哪(?:个|一级).{0,4}印发",
        r"^([\u4e00-\u9fff]{2,16}(?:人民政府|委员会|办公厅|办公室|国务院|厅|局))$",
        r"((?:[\u4e00-\u9fff]{2,12}人民政府))印发",
        anywhere=True,
    ),
    _field(
        "来源", r"来源|哪(?:里|家|个媒体)(?:发|刊登|报道)|source", rf"来源{_SEP}([^\d|\s]{{2,24}})"
    ),
    _field(
        "规划期",
        r"规划期|起止年|哪一?年到哪一?年|planning period",
        r"规划期(?:限)?[为是:]*(\d{4}[^\d]{1,3}\d{4}年?)",
        r"规划(?:纲要)?》?\((\d{4}[^\d]{1,3}\d{4}年?)\)",
        anywhere=True,
    ),
    _field(
        "成文日期",
        r"成文|落款日期|落款时间|批的|批复(?:于|日期|时间)|签发",
        rf"成文日期{_SEP}({_DATE})",
        rf"^({_DATE})$",
    ),
    _field(
        "日期",
        r"(?:发布|印发|刊登|发表|出台|公布|发).{0,4}(?:日期|时间)|何时|哪天|几月几|什么时候|哪年|issued|published|when",
        rf"(?:发布日期|发布时间){_SEP}[^\d|]{{0,16}}({_DATE})",
        rf"(?:来源|时间|(?<!成文)日期){_SEP}[^\d|]{{0,16}}({_DATE})",
        r"于(\d{1,2}月\d{1,2}日)[^。;]{0,16}印发",
        r"(\d{1,2}月\d{1,2}日)讯",
        rf"成文日期{_SEP}({_DATE})",
        rf"^({_DATE})$",
        anywhere=True,
    ),
)


def answer(evidence: Evidence) -> Draft | None:
    """Answer a question on a document's particulars; say so where it does not give them."""
    if evidence.question.intent != "metadata" or not evidence.passages:
        return None
    asked = [field for field in _FIELDS if field.asked.search(evidence.question.search)]
    if any(field.name == "报告人" for field in asked) and any(f.name == "日期" for f in asked):
        # 谁作的、哪天: the day of a report is that of the meeting.
        asked += [field for field in _FIELDS if field.name == "会议" and field not in asked]
    # 哪天 alone asks for any date; beside a field of its own it only belongs to that.
    fields = [field for field in asked if field.name != "日期"] or asked
    documents = evidence.documents()[: max(1, len(evidence.question.regions))]
    claims: list[Claim] = []
    for field in fields:
        found = next((c for d in documents if (c := _claims(evidence, d, field))), [])
        claims += [claim for claim in found if claim not in claims]
    if not claims and fields != asked:
        claims = next((c for d in documents if (c := _claims(evidence, d, asked[-1]))), [])
    if claims:
        return Draft("metadata", tuple(claims))
    named = [field for field in fields if not field.anywhere]
    if named:
        title = evidence.index.documents[documents[0]].title
        return Draft("metadata", (), f"《{title}》的文本没有载明{named[0].name}。")
    return None


def _claims(evidence: Evidence, document_id: str, field: _Field) -> list[Claim]:
    document = evidence.index.documents[document_id]
    for pattern in field.found:
        for span, search in _lines(evidence, document, field):
            match = pattern.search(search.text)
            if match is None:
                continue
            inner = search.original(Span(*match.span(1)))
            value = Span(span.start + inner.start, span.start + inner.end)
            quote = evidence.quote(document.id, span)
            return [
                Claim(value.of(document.text), (quote,)),
                Claim(span.of(document.text), (quote,)),
            ]
    return []


def _lines(
    evidence: Evidence, document: Document, field: _Field
) -> Iterator[tuple[Span, SearchText]]:
    """The lines around the document's body, then the sentences of the body where allowed."""
    parts = evidence.outline(document.id).parts
    edge = [part.span for part in parts if part.kind == "metadata"]
    for place, span in enumerate(edge):
        yield span, normalise(span.of(document.text))
        label = normalise(span.of(document.text)).text
        if label.endswith(":") and place + 1 < len(edge):
            # A label and its value on the next line.
            both = Span(span.start, edge[place + 1].end)
            yield both, normalise(both.of(document.text))
    for span, following in pairwise(edge) if field.broken else ():
        # 第十六届 / 人民代表大会第四次会议批准: a line of the title page may be broken.
        both = Span(span.start, following.end)
        yield both, normalise(both.of(document.text))
    for part in parts:
        if part.kind == "body" and (field.anywhere or _near_edge(part, document)):
            for span in sentences(document.text, evidence.outline(document.id), part.span):
                yield span, normalise(span.of(document.text))


def _near_edge(part: Part, document: Document) -> bool:
    return part.span.start < 1500 or part.span.end > len(document.text) - 600
