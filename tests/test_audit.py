from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index import Audit, Chunk, Document, DocumentAudit, Index, Span, audit, build
from index.audit import round_trips
from index.damage import damage
from index.duplicates import Paragraph, near_duplicates
from qa.accounts import audit_data, audit_text

Source = Callable[..., Path]
LONG = (
    "坚持以人民为中心的发展思想,加快推进以人为核心的新型城镇化,促进城乡融合发展,提高城市治理水平。"
)
FIRST = f"""甲市规划
字号:大中小
一、目标
{LONG}
二、保障
（一）组织
（二）资金
到年,全市城镇化率达到70%,,森林覆盖率达到%以上。
分享到
"""
SECOND = f"乙市规划\n一、要求\n{LONG[:-1]}。\n二、重点\n{LONG[:-5]}水准。\n"


def _ink(text: str) -> int:
    return sum(not character.isspace() for character in text)


@pytest.fixture
def index(source: Source, tmp_path: Path) -> Index:
    texts = {"a.txt": FIRST, "b.txt": SECOND}
    return Index.open(build([source(texts)], tmp_path / "index").folder)


@pytest.fixture
def found(index: Index) -> Audit:
    return audit(index)


def test_every_character_is_indexed_or_left_out_for_a_reason(found: Audit) -> None:
    first, second = found.documents
    assert first.characters == _ink(FIRST)
    assert first.left_out == {"chrome": len("字号:大中小分享到")}
    assert first.indexed == first.characters - len("字号:大中小分享到")
    assert first.unaccounted == first.overlapping == 0
    assert first.accounted == first.content == 1.0
    assert (second.indexed, second.left_out) == (_ink(SECOND), {})


def test_what_is_in_no_passage_and_no_other_part_is_unaccounted(index: Index) -> None:
    first, second, *others = index.chunks
    lost = index.text(second)
    empty = replace(second, span=Span(second.span.start, second.span.start))
    first = audit(replace(index, chunks=(first, empty, *others))).documents[0]
    assert first.unaccounted == _ink(lost)
    assert first.accounted == pytest.approx(1 - _ink(lost) / _ink(FIRST))
    assert first.content == pytest.approx(first.indexed / (first.indexed + _ink(lost)))


def test_what_is_in_two_passages_is_counted_once_and_told(index: Index) -> None:
    *others, last = index.chunks
    assert last.document_id == "b.txt"
    wider = replace(last, span=Span(last.span.start - 10, last.span.end))
    second = audit(replace(index, chunks=(*others, wider))).documents[1]
    assert second.overlapping == _ink(SECOND[last.span.start - 10 : last.span.start])
    assert second.indexed == _ink(SECOND)


def test_headings_without_text_are_told(found: Audit) -> None:
    assert [document.orphans for document in found.documents] == [("(一)组织",), ()]


def test_damage_is_counted_by_kind(found: Audit) -> None:
    assert found.documents[0].damage == {"year": 1, "figure": 1, "marks": 1}
    assert found.documents[1].damage == {}


def test_passages_that_are_too_long_or_too_short(index: Index) -> None:
    sizes = {"size": {"longest": 50, "metadata": 400}}
    index = replace(index, manifest=replace(index.manifest, options=sizes))
    lengths = [
        len(index.text(c).replace("\n", "")) for c in index.chunks if c.document_id == "a.txt"
    ]
    first = audit(index).documents[0]
    assert first.too_long == sum(length > 50 for length in lengths) >= 1
    assert first.too_short == sum(length < 15 for length in lengths) >= 1


# Round trips


def test_every_span_round_trips(found: Audit, seeds_index: Index) -> None:
    assert found.round_trips == 1.0
    seeds = audit(seeds_index)
    assert seeds.round_trips == 1.0
    assert all(document.accounted == 1.0 for document in seeds.documents)


@pytest.mark.parametrize(
    ("span", "good"),
    [(Span(0, 4), True), (Span(0, 5), False), (Span(2, 2), False), (Span(4, 5), False)],
)
def test_a_span_outside_the_text_or_of_nothing_does_not(
    span: Span, good: bool, document: Callable[..., Document]
) -> None:
    assert round_trips(document("甲市规划"), Chunk(0, "a.txt", (), span)) is good


def test_an_invisible_character_is_no_passage_of_its_own(source: Source, tmp_path: Path) -> None:
    # Two passages of about equal length, the second full, and then the joiner.
    text = f"一、目标\n{'推' * 159}。{'进' * 169}。\u200c\n"
    found = audit(Index.open(build([source({"a.txt": text})], tmp_path / "index").folder))
    assert found.round_trips == found.documents[0].accounted == 1.0
    assert found.documents[0].passages == 2


def test_a_span_of_blanks_or_of_another_document_does_not(
    document: Callable[..., Document],
) -> None:
    assert not round_trips(document("甲 \n 市"), Chunk(0, "a.txt", (), Span(1, 4)))
    assert not round_trips(document("甲市规划"), Chunk(0, "b.txt", (), Span(0, 4)))


def test_a_passage_that_does_not_is_counted(index: Index) -> None:
    first, *others = index.chunks
    bad = replace(first, span=Span(len(FIRST), len(FIRST) + 3))
    found = audit(replace(index, chunks=(bad, *others)))
    assert found.documents[0].round_trips == found.documents[0].passages - 1
    assert found.round_trips == pytest.approx(1 - 1 / len(index.chunks))
    assert "（1 段不能）" in audit_text(found)


# Duplicates


def test_paragraphs_that_almost_repeat_are_found_within_and_across(found: Audit) -> None:
    (group,) = found.duplicates
    assert [paragraph.document_id for paragraph in group] == ["a.txt", "b.txt", "b.txt"]
    assert [paragraph.span.of(SECOND) for paragraph in group[1:]] == [LONG, LONG[:-5] + "水准。"]
    within = [document.duplicates_within for document in found.documents]
    across = [document.duplicates_across for document in found.documents]
    assert (within, across) == ([0, 2], [1, 2])


def _paragraphs(*texts: str) -> list[Paragraph]:
    return [Paragraph(f"{i}.txt", Span(0, len(text)), text) for i, text in enumerate(texts)]


def test_what_shares_less_than_four_fifths_is_no_duplicate() -> None:
    half = LONG[: len(LONG) // 2] + "完善综合交通体系,优化能源供给结构,强化水利设施保障。"
    assert near_duplicates(_paragraphs(LONG, half)) == []


def test_short_paragraphs_are_passed_over() -> None:
    assert near_duplicates(_paragraphs("责任编辑:张三", "责任编辑:张三")) == []


def test_groups_hold_all_that_are_alike_in_pairs() -> None:
    letters = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    chain = [LONG + letters[:end] for end in (0, 6, 12)]
    ((first, *others),) = near_duplicates(_paragraphs(*chain, "坚持绿色发展理念," * 8))
    assert first.document_id == "0.txt"
    assert [one.document_id for one in others] == ["1.txt", "2.txt"]


# Damage


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("到2025年,全市城镇化率达到70%。", {}),
        ("到年,城镇化率达到70%。", {"year": 1}),
        ("三年行动计划(-年)", {"year": 1}),
        ("年内完成,比年度计划多,力争到年底建成。受教育年限（年）", {}),
        ("城镇化率达到%以上,增长个百分点", {"figure": 2}),
        ("新增万吨级泊位3个,新增亿元以上项目25个", {}),
        ("\ufffd\ufffd市规划", {"mojibake": 1}),
        ("锟斤拷规划", {"mojibake": 1}),
        ("å¹´åº¦å›½å®¶è®¡åˆ’", {"mojibake": 1}),
        ("年度".encode().decode("latin-1"), {"mojibake": 1}),
        ("“Café”、naïve与é", {}),
        ("规划(guī)引領(lǐng)", {"gloss": 2}),
        ("智慧化,、绿色化。,", {"marks": 2}),
        ("真的吗?!太好了!!", {}),
    ],
)
def test_damage_is_told_from_what_only_looks_like_it(text: str, kinds: dict[str, int]) -> None:
    assert damage(text) == kinds


# As shown


def test_the_table_has_a_row_for_each_document_and_one_for_all(found: Audit) -> None:
    lines = audit_text(found).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:5]]
    assert len({len(row) for row in cells}) == 1
    head, _, first, second, both = cells
    assert [first[0], second[0], both[0]] == ["a.txt", "b.txt", "共 2 份"]
    for column in range(1, 5):
        assert int(both[column]) == int(first[column]) + int(second[column]), head[column]
    assert first[head.index("可还原")] == both[head.index("可还原")] == "100%"
    assert first[-1] == "年份缺失 1、数字缺失 1、标点重复 1"
    assert "近似重复的自然段共 1 组" in audit_text(found)


def test_as_data(found: Audit) -> None:
    data = audit_data(found)
    assert data["round_trips"] == 1.0
    assert [row["file"] for row in data["documents"]] == ["a.txt", "b.txt"]
    assert data["documents"][0]["orphans"] == ["(一)组织"]
    assert [place["file"] for place in data["duplicates"][0]] == ["a.txt", "b.txt", "b.txt"]


def test_an_empty_account_is_whole() -> None:
    empty = DocumentAudit("a.txt", 0, 0, {}, 0, 0, (), 0, 0, 0, 0, 0, 0, {}, ())
    assert (empty.accounted, empty.content) == (1.0, 1.0)
