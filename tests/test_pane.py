"""The source pane: the outline, the page of the original, and what finds words in the text."""

import io
import re
from collections.abc import Callable
from html import unescape

import docx
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from index import Document, Index, InputError, Section, Span, build, places
from qa import Engine, present
from qa.present.lines import AROUND, HITS, Marked, find, lines
from qa.present.tree import FEW, tree

FONT = "STSong-Light"
CITED = "到2025年，甲市城镇化率达到78.5%以上。"


def _pdf() -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for text in ("甲市<b>城镇化</b>规划", CITED, "第三页的附件。"):
        canvas.setFont(FONT, 12)
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _word() -> bytes:
    out, file = docx.Document(), io.BytesIO()
    for text in ("乙市规划", "一、目标", "乙市要发展。"):
        out.add_paragraph(text)
    out.save(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("pane")
    (folder / "a.pdf").write_bytes(_pdf())
    (folder / "b.docx").write_bytes(_word())
    return Index.open(build([folder / "a.pdf", folder / "b.docx"], folder / "index").folder)


def _place(index: Index, name: str, words: str) -> str:
    text = index.documents[name].text
    span = Span(text.index(words), text.index(words) + len(words))
    return present.target(name, span, words)


def _seen(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


# The text


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("城镇化率达到78.5％", "78.5%", ["78.5％"]),
        ("常住人口\n城镇 化率", "人口城镇化率", ["人口\n城镇 化率"]),
        ("ＧＤＰ与gdp", "GDP", ["ＧＤＰ", "gdp"]),
        ("a.b 与 axb", "a.b", ["a.b"]),
        ("甲市", "乙", []),
        ("甲市", " \n", []),
    ],
)
def test_words_are_found_over_line_ends_and_in_other_width(
    text: str, query: str, found: list[str]
) -> None:
    assert [span.of(text) for span in find(text, query)] == found


def test_a_hit_without_end_ends() -> None:
    assert len(find("年" * 5000, "年")) == HITS


def test_hits_citation_and_headings_are_marked_apart_and_nothing_is_lost(
    document: Callable[..., Document],
) -> None:
    text = "一、目标<b>\n达到78.5%以上，78.5%。\n"
    heading = Section("一、目标<b>", ("一、目标<b>",), Span(0, 7), Span(0, len(text)))
    hits = find(text, "78.5%")
    marked = Marked(Span(10, 17), (heading,), hits, hits[1])
    html = lines(document(text), marked, 8)
    assert _seen(html) == text.replace("\n", "")
    assert '<b data-start="0">一、目标&lt;b&gt;</b>' in html
    assert '<mark><mark class="gw-found">78.5%</mark></mark><mark>以上</mark>' in html
    assert html.count('class="gw-found gw-here"') == 1


def test_a_long_text_is_shown_around_where_it_is_read(document: Callable[..., Document]) -> None:
    text = "".join(f"第{n:06d}行。\n" for n in range(30_000))
    one = document(text)
    html = lines(one, Marked(Span(0, 5)), 0)
    assert "第000001行" in html
    assert "<mark>" in html
    assert "字未显示" in html
    far = lines(one, Marked(Span(0, 5)), 200_000)
    assert len(_seen(far)) <= 2 * AROUND + 100
    assert "<mark>" not in far
    assert text[200_000:200_008].strip() in _seen(far)


def test_hits_are_stepped_through_in_a_ring_from_the_cited_place_on(engine: Engine) -> None:
    index = engine.index
    (citation, *_) = engine.ask("济南2025年城镇化率目标").citations
    place = present.target(citation.document_id, citation.span, citation.quote)
    text = index.documents[citation.document_id].text
    hits = find(text, "城镇化率")
    html, at, count = present.searched(index, place, "城镇化率", 0)
    assert count == len(hits) > 3
    assert hits[at].start >= citation.span.start > hits[at - 1].start
    assert html.count("gw-here") == 1
    assert present.searched(index, place, "城镇化率", count)[1] == at
    assert present.searched(index, place, "城镇化率", -1)[1] == at - 1
    assert present.searched(index, place, "查无此语", 5)[1:] == (0, 0)


def test_the_margin_tells_pages_and_paragraphs(index: Index) -> None:
    html = present.text(index, _place(index, "a.pdf", CITED))
    assert re.findall(r'data-at="([^"]+)"', html) == ["第1页", "第2–3页"]
    html = present.text(index, _place(index, "b.docx", "乙市要发展。"))
    assert re.findall(r'data-at="([^"]+)"', html) == ["1", "2", "3"]
    assert "原件第3段" in present.source(index, _place(index, "b.docx", "乙市要发展。"))


def test_a_document_is_opened_without_a_quotation(index: Index) -> None:
    html = present.source(index, present.target("a.pdf", Span(0, 0)))
    assert "gw-copy" not in html
    assert "<mark>" not in html
    assert "第三页的附件" in html


# The outline


def _section(*path: str, start: int, end: int) -> Section:
    return Section(path[-1], path, Span(start, start + 2), Span(start, end))


def test_the_outline_nests_and_its_section_is_marked_and_open(engine: Engine) -> None:
    index = engine.index
    (citation, *_) = engine.ask("济南2025年城镇化率目标").citations
    place = present.target(citation.document_id, citation.span, citation.quote)
    sections = index.outlines[citation.document_id].sections
    html = present.outline(index, place)
    assert len(sections) > FEW
    assert [
        int(start) for start in re.findall(r'gw-jump" value="(\d+)"', html)
    ] == [section.heading.start for section in sections]  # fmt: skip
    (current,) = re.findall(r'value="(\d+)" aria-current="location"', html)
    inner = next(s for s in sections if s.heading.start == int(current))
    assert inner.path == citation.section
    assert html.count("<ul") == html.count("</ul>")
    assert html.count("<li") == html.count("</li>")
    above = [s for s in sections if s.span.covers(citation.span) and s is not inner]
    has_children = len([s for s in sections if s.path[:-1] == inner.path]) > 0
    assert html.count('aria-expanded="true"') == len(above) + has_children


def test_the_tree_of_sections_is_that_of_their_paths() -> None:
    a, b = _section("甲", start=0, end=30), _section("甲", "乙<", start=10, end=20)
    c, d = _section("甲", "乙<", "丙", start=14, end=20), _section("丁", start=30, end=40)
    html = tree((a, b, c, d), lambda s, current: f"[{s.title}{'*' * current}]", Span(11, 12))
    plain = re.sub(r"<button[^>]*></button>", "", html)
    assert plain == (
        '<ul class="gw-tree"><li>[甲]<ul><li>[乙<*]<ul><li>[丙]</li></ul></li></ul></li>'
        "<li>[丁]</li></ul>"
    )
    assert 'aria-label="展开或收起：乙&lt;"' in html
    assert "没有分节标题" in tree((), lambda _s, current: str(current), None)


def test_headings_of_another_part_of_the_page_open_in_the_pane(engine: Engine) -> None:
    name = next(iter(engine.index.documents))
    html = present.openers(engine.index, name)
    places_ = [unescape(p) for p in re.findall(r'gw-heading" value="([^"]+)"', html)]
    assert len(places_) == len(engine.index.outlines[name].sections)
    for place in places_:
        assert "gw-text" in present.source(engine.index, place)


# The page


def test_the_page_of_a_citation_has_a_box_on_its_line(index: Index) -> None:
    place = _place(index, "a.pdf", CITED)
    html = present.leaf(index, place)
    assert "第2页，共3页" in html
    assert 'alt="原件第2页的图像"' in html
    assert 'src="data:image/png;base64,' in html
    (box,) = re.findall(r"left:([\d.]+)%;top:([\d.]+)%;width:([\d.]+)%;height:([\d.]+)%", html)
    text = index.documents["a.pdf"].text
    (known,) = places(index.documents["a.pdf"], Span(text.index(CITED), text.index(CITED) + 3))
    assert known.box is not None
    left, top, wide, high = (float(share) / 100 for share in box)
    assert left * 595 == pytest.approx(known.box[0] - 2, abs=0.1)
    assert top * 842 == pytest.approx(known.box[1] - 2, abs=0.1)
    assert (left + wide) * 595 == pytest.approx(known.box[2] + 2, abs=0.1)
    assert (top + high) * 842 == pytest.approx(known.box[3] + 2, abs=0.1)


def test_neighbouring_pages_lead_back(index: Index) -> None:
    html = present.leaf(index, _place(index, "a.pdf", CITED), 3)
    assert "第3页，共3页" in html
    assert "gw-box" not in html
    assert 'class="gw-turn gw-back" value="2"' in html
    assert re.search(r'value="4" disabled', html)
    first = present.leaf(index, present.target("a.pdf", Span(0, 0)))
    assert "第1页，共3页" in first
    assert "gw-back" not in first


def test_a_word_file_has_no_page_button(index: Index) -> None:
    assert "gw-paper" in present.source(index, _place(index, "a.pdf", CITED))
    place = _place(index, "b.docx", "乙市要发展。")
    assert "gw-paper" not in present.source(index, place)
    with pytest.raises(InputError, match="不是 PDF"):
        present.leaf(index, place)


@pytest.mark.parametrize("show", [present.leaf, present.outline, present.text, present.source])
def test_a_place_that_has_changed_is_told(show: Callable[[Index, str], str], index: Index) -> None:
    with pytest.raises(InputError, match="变了"):
        show(index, "a.pdf#0-4~00000000")
    with pytest.raises(InputError, match="找不到"):
        show(index, "nobody.pdf#0-4")


def test_hostile_text_stays_text(index: Index) -> None:
    place = _place(index, "a.pdf", "<b>城镇化</b>")
    for html in (present.source(index, place), present.searched(index, place, "<b>", 0)[0]):
        assert "<b>城镇化" not in html
        assert "&lt;b&gt;" in html
