from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import BuildReport, Chunk, ChunkSize, Document, Index, Span, normalise, sentences
from index.chunk import METADATA_SECTION, chunk, coverage, search_text
from index.outline import outline

BODY = "坚持以人民为中心的发展思想,把推进农业转移人口市民化作为新型城镇化的首要任务,持续提高城镇化质量和水平,让全体居民共享发展成果。"
Make = Callable[..., Document]


def _cut(document: Document, size: ChunkSize | None = None) -> list[Chunk]:
    return chunk(document, outline(document.text), size)


def _texts(document: Document, size: ChunkSize | None = None) -> list[str]:
    return [piece.span.of(document.text) for piece in _cut(document, size)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲。乙！丙?丁", ["甲。", "乙！", "丙?", "丁"]),
        ("甲;乙；丙。", ["甲;", "乙；", "丙。"]),
        ("“甲。”乙。", ["“甲。”", "乙。"]),
        ("(甲。)乙", ["(甲。)", "乙"]),
        ("甲\n乙\r\n丙", ["甲", "乙", "丙"]),
        ("One. Two 3.5 done.", ["One.", "Two 3.5 done."]),
        ("78.5%。", ["78.5%。"]),
        ("  甲。  乙  ", ["甲。", "乙"]),
        ("甲。。。乙", ["甲。。。", "乙"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [
        span.of(text) for span in sentences(text, outline(text), Span(0, len(text)))
    ] == expected


def test_sentences_stay_inside_the_span() -> None:
    text = "甲乙。丙丁。戊己。"
    assert [s.of(text) for s in sentences(text, outline(text), Span(1, 7))] == [
        "乙。",
        "丙丁。",
        "戊",
    ]


@given(st.text(st.sampled_from("甲乙。;!”)\n\r .a"), max_size=50))
def test_sentences_hold_all_ink_of_the_text_once_and_in_order(text: str) -> None:
    found = outline(text)
    spans = sentences(text, found, Span(0, len(text)))
    kinds = {"body", "heading", "metadata"}
    kept = [part.span.of(text) for part in found.parts if part.kind in kinds]
    assert "".join("".join(s.of(text).split()) for s in spans) == "".join("".join(kept).split())
    for one, other in pairwise(spans):
        assert one.end <= other.start


def test_no_sentence_runs_from_a_heading_into_the_text() -> None:
    text = f"一、经济\n{BODY}\n二、社会\n{BODY}"
    found = [span.of(text) for span in sentences(text, outline(text), Span(0, len(text)))]
    assert found == ["一、经济", BODY, "二、社会", BODY]


def test_a_heading_goes_with_its_text_and_no_chunk_crosses_the_next(document: Make) -> None:
    made = document(f"一、经济\n{BODY}\n二、社会\n{BODY}")
    assert _texts(made) == [f"一、经济\n{BODY}", f"二、社会\n{BODY}"]
    assert [c.section for c in _cut(made)] == [("一、经济",), ("二、社会",)]
    assert [c.id for c in _cut(made)] == [0, 1]


def test_headings_without_text_lead_the_first_section_that_has_some(document: Make) -> None:
    made = document(f"第一章 基础\n一、经济\n{BODY}")
    (only,) = _cut(made)
    assert only.span == Span(0, len(made.text))
    assert only.section == ("第一章 基础", "一、经济")


def test_a_long_section_is_packed_from_whole_sentences_into_as_few_chunks_as_hold_it(
    document: Make,
) -> None:
    sentence = "这是一个正好二十个字符长的完整句子啊啊。"
    assert len(sentence) == 20
    made = document("一、经济\n" + sentence * 10)
    pieces = _texts(made, ChunkSize(100, 100))
    # 4 + 10 × 20 characters, at most 100 each: three chunks, and none a mere remainder.
    assert len(pieces) == -(-(4 + 10 * 20) // 100)
    assert all(40 <= len(piece.replace("\n", "")) <= 100 for piece in pieces)
    assert all(piece.endswith("。") for piece in pieces)
    assert "".join(pieces) == made.text


def test_an_overlong_sentence_is_cut_at_a_comma_or_at_the_length(document: Make) -> None:
    with_comma = document("一、经济\n" + "甲" * 80 + "," + "乙" * 80 + "。")
    assert all(len(normalise(t).text) <= 100 for t in _texts(with_comma, ChunkSize(100, 100)))
    assert any(text.endswith(",") for text in _texts(with_comma, ChunkSize(100, 100)))
    without = document("甲" * 260)
    assert _texts(without, ChunkSize(100, 100)) == ["甲" * 100, "甲" * 100, "甲" * 60]


def test_contents_and_furniture_are_in_no_chunk(document: Make) -> None:
    made = document(f"甲市规划\n目录\n一、经济\n一、经济\n{BODY}\n分享\n")
    assert _texts(made) == ["甲市规划", f"一、经济\n{BODY}"]
    assert [c.kind for c in _cut(made)] == ["metadata", "body"]
    assert _cut(made)[0].section == METADATA_SECTION


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_a_blank_document_has_no_chunks(document: Make, text: str) -> None:
    assert _cut(document(text)) == []


@pytest.mark.parametrize(("longest", "metadata"), [(49, 400), (300, 49), (0, 0)])
def test_sizes_below_fifty_are_refused(longest: int, metadata: int) -> None:
    with pytest.raises(ValueError, match="at least 50"):
        ChunkSize(longest, metadata)


LINES = st.lists(
    st.sampled_from(
        ["第一章 基础", "一、经济", "(一)工業(yè)。" + BODY, BODY, BODY * 4, "甲" * 130, "目录", "- 3 -",
         "分享", "来源:日报", "", "優(yōu)化,,佈局"]
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


@given(LINES, st.sampled_from([50, 80, 300]))
def test_chunks_are_in_order_within_the_limit_and_hold_every_body_character_once(
    text: str, longest: int
) -> None:
    made = Document("a.txt", "题", text, "0" * 64)
    found = outline(text)
    pieces = chunk(made, found, ChunkSize(longest, longest))
    assert [piece.id for piece in pieces] == list(range(len(pieces)))
    for one, other in pairwise(pieces):
        assert one.span.end <= other.span.start
    for piece in pieces:
        assert len(normalise(piece.span.of(text)).text) <= longest
    held = Counter(i for piece in pieces for i in range(piece.span.start, piece.span.end))
    for part in found.parts:
        if part.kind in {"body", "heading", "metadata"}:
            for i in range(part.span.start, part.span.end):
                assert text[i].isspace() or held[i] == 1


def test_no_chunk_of_the_seeds_is_too_long(seeds_index: Index) -> None:
    for piece in seeds_index.chunks:
        longest = ChunkSize().metadata if piece.kind == "metadata" else ChunkSize().longest
        assert len(normalise(seeds_index.text(piece)).text) <= longest


def test_no_chunk_of_the_seeds_crosses_a_heading(seeds_index: Index) -> None:
    for piece in seeds_index.chunks:
        kinds = [
            part.kind
            for part in seeds_index.outlines[piece.document_id].parts
            if part.span.overlaps(piece.span) and part.kind != "chrome"
        ]
        after_body = kinds[kinds.index("body") :] if "body" in kinds else []
        assert "heading" not in after_body
        assert "contents" not in kinds


def test_every_body_character_of_the_seeds_is_in_exactly_one_chunk(seeds_index: Index) -> None:
    for name, made in seeds_index.documents.items():
        held = Counter(
            i
            for row in seeds_index.document_rows[name]
            for i in range(seeds_index.chunks[row].span.start, seeds_index.chunks[row].span.end)
        )
        assert max(held.values()) == 1
        for part in seeds_index.outlines[name].parts:
            inside = [
                i
                for i in range(part.span.start, part.span.end)
                if not made.text[i].isspace() and i in held
            ]
            ink = len("".join(part.span.of(made.text).split()))
            assert len(inside) == (ink if part.kind in {"body", "heading", "metadata"} else 0)


def test_coverage_counts_the_ink_in_and_out_of_the_chunks(document: Make) -> None:
    made = document("甲市规划\n分 享\n\n一、经济\n" + BODY)
    found = outline(made.text)
    row = coverage(made, found, chunk(made, found))
    assert row.characters == 4 + 2 + 4 + len(BODY)
    assert row.indexed == 4 + 4 + len(BODY)
    assert [(p.kind, p.span.of(made.text)) for p in row.left_out] == [("chrome", "分 享")]
    assert row.share == row.indexed / row.characters


def test_the_report_of_the_seeds_accounts_for_every_character(
    seeds_report: BuildReport, seeds_index: Index
) -> None:
    assert [row.document_id for row in seeds_report.coverage] == sorted(seeds_index.documents)
    for row in seeds_report.coverage:
        text = seeds_index.documents[row.document_id].text
        left = sum(len("".join(part.span.of(text).split())) for part in row.left_out)
        assert row.characters == len("".join(text.split()))
        assert row.indexed + left == row.characters
        assert row.share > 0.85


def test_search_text_carries_title_and_path_once(document: Make) -> None:
    made = document(f"第一章 基础\n一、经济\n{BODY}{BODY}{BODY}{BODY}{BODY}", title="甲市規劃")
    first, *others = _cut(made)
    assert search_text(made, first) == "甲市规划\n" + normalise(first.span.of(made.text)).text
    assert search_text(made, first).startswith("甲市规划\n第一章基础一、经济坚持")
    for piece in others:
        assert search_text(made, piece) == "\n".join(
            ["甲市规划", "第一章基础", "一、经济", normalise(piece.span.of(made.text)).text]
        )


def test_search_text_of_the_seeds_has_every_heading_exactly_once(seeds_index: Index) -> None:
    for piece in seeds_index.chunks:
        lines = seeds_index.search_text(piece.id).split("\n")
        body = normalise(seeds_index.text(piece)).text
        assert lines[-1] == body
        assert len(set(lines)) == len(lines)
        title = normalise(seeds_index.documents[piece.document_id].title).text
        for head in [title, *(normalise(part).text for part in piece.section)]:
            assert (head in body) != (head in lines[:-1])
