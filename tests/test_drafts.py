"""What the sources say to the claims of a draft; sentences are our own, on the seeds."""

import pytest

from index import find_regions
from qa import Engine
from qa.answer.figures_told import figures
from qa.drafts import Block, Checked, Claim, check
from qa.drafts.claims import claims
from qa.drafts.judge import _around
from qa.drafts.plain import PlainDraft
from qa.drafts.quoted import differences
from qa.drafts.wording import times


def checked(engine: Engine, text: str) -> Checked:
    return check(PlainDraft(text), engine)


def verdicts(engine: Engine, text: str) -> list[tuple[str, str]]:
    return [(f.verdict, f.right) for f in checked(engine, text).findings]


def test_a_right_figure_is_cited_with_the_very_sentence(engine: Engine) -> None:
    (finding,) = checked(engine, "到2025年，济南全市森林覆盖率要达到13.7%。").findings
    assert finding.verdict == "supported"
    (citation,) = finding.citations
    text = engine.index.documents[citation.document_id].text
    assert citation.span.of(text) == citation.quote
    assert citation.quote.endswith("到2025年全市森林覆盖率达到13.7%。")
    assert citation.section[0].startswith("第五章")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("济南2025年常住人口城镇化率目标为76%。", ("figure", "78.5%以上")),
        ("到2030年，济南城市建成区绿地率达到37%。", ("year", "2025年")),
        ("潍坊市提出到2035年城镇再生水利用率达到65%。", ("region", "济南市")),
        ("青岛提出建设“山海之城、活力之湾”的愿景。", ("quotation", "")),
        ("济南将为每户居民免费安装电梯。", ("unsupported", "")),
    ],
)
def test_each_kind_of_error_is_told(engine: Engine, text: str, expected: tuple[str, str]) -> None:
    assert verdicts(engine, text) == [expected]


def test_an_altered_quotation_is_shown_as_a_difference(engine: Engine) -> None:
    (finding,) = checked(engine, "临沂坚持“以红带绿、以绿衬红、红绿接蓝、古今辉映”。").findings
    assert (finding.verdict, finding.right) == (
        "quotation",
        "以红带绿、以绿映红、红绿接蓝、古今辉映",
    )
    assert ("-", "衬") in finding.diff
    assert ("+", "映") in finding.diff


def test_the_claims_of_one_sentence_are_judged_one_by_one(engine: Engine) -> None:
    text = "到2025年，临沂常住人口城镇化率达到62%左右；到2035年，达到70%左右。"
    assert verdicts(engine, text) == [("supported", ""), ("figure", "72%左右")]


def test_opinions_headings_and_transitions_are_left_alone(engine: Engine) -> None:
    text = "一、背景\n\n笔者认为，济南的路还很长。下面分三个方面来谈。城镇化率真的能说明问题吗？\n"
    assert verdicts(engine, text) == []


def test_the_region_is_taken_over_from_the_heading(engine: Engine) -> None:
    text = "各地目标\n\n青岛市\n\n新增公共停车位1万个。\n\n山东省\n\n《规划》共6章，已于1月14日印发。\n"
    found = checked(engine, text).findings
    assert [f.claim.regions[0].short for f in found] == ["青岛", "山东", "山东"]
    assert {f.verdict for f in found} == {"supported"}


def test_a_figure_of_another_region_is_none_of_the_region_spoken_of(engine: Engine) -> None:
    text = "青岛建设全龄友好城市。常住人口城镇化率目标为75%。"
    assert verdicts(engine, text) == [("supported", ""), ("figure", "77%")]


def test_a_cell_is_read_with_its_row_and_the_head_of_its_column(engine: Engine) -> None:
    from qa.drafts.markdown import MarkdownDraft

    text = "# 济南\n\n| 指标 | 2025年目标 |\n|---|---|\n| 森林覆盖率 | 13.7% |\n| 建成区绿地率 | 41% |\n"
    found = check(MarkdownDraft(text), engine).findings
    assert [(f.claim.text, f.verdict, f.right) for f in found] == [
        ("13.7%", "supported", ""),
        ("41%", "figure", "37%"),
    ]


def test_places_are_those_of_the_block(engine: Engine) -> None:
    text = "  据介绍，到2025年，济南全市森林覆盖率达到13.7%，令人期待。"
    (finding,) = checked(engine, text).findings
    assert text[finding.claim.start : finding.claim.end] == finding.claim.text
    assert finding.claim.text.endswith("13.7%")


def test_times_of_a_text() -> None:
    assert times("规划期2021-2035年,到2025年,十四五期间") == {"2021-2035", "2025", "十四五"}
    assert times("济政发〔2022〕9号,第2025号") == {"2025"}


def test_a_yardstick_is_not_the_region_spoken_of(engine: Engine) -> None:
    corpus = engine.retriever.regions.corpus
    (claim,) = claims([Block("济南的常住人口城镇化率比全省平均高出10.4个百分点。")], corpus)
    assert [region.short for region in claim.regions] == ["济南"]
    assert find_regions("济南")[0][2] == claim.regions


def test_differences_give_both_texts_back() -> None:
    said, there = "进了济南城,便是自家人", "进了济南门,就是济南人"
    parts = list(differences(said, there))
    assert "".join(text for kind, text in parts if kind in "=-") == said
    assert "".join(text for kind, text in parts if kind in "=+") == there


def read_claims(text: str) -> list[Claim]:
    corpus = [r for found in find_regions("四川省、湖南省、济南市") for r in found[2]]
    return claims(PlainDraft(text).blocks, tuple(corpus))


def test_a_name_holds_no_number() -> None:
    (claim,) = read_claims("四川每万人口高价值发明专利拥有量达到9.3件。")
    assert [figure.value for figure in claim.figures] == [9.3]


def test_a_period_in_quotation_marks_is_a_time_and_no_quotation() -> None:
    (claim,) = read_claims("“十二五”期间，湖南城镇新增就业累计达到100万人。")
    assert claim.times == {"十二五"}
    assert claim.quotes == ()


def test_who_gives_is_not_who_is_spoken_of() -> None:
    (claim,) = read_claims("湖南累计争取中央转移支付超过5300亿元。")
    assert [region.name for region in claim.regions] == ["湖南省"]


def test_a_time_that_says_nothing_goes_with_what_follows() -> None:
    (claim,) = read_claims("下一个五年，湖南提出地区生产总值年均增长5%左右。")
    assert claim.text == "下一个五年，湖南提出地区生产总值年均增长5%左右"


@pytest.mark.parametrize(
    ("said", "there", "same"),
    [
        ("总投资超过1.6万亿元", "引进项目1608个、总投资超1.6万亿元", True),
        ("户籍人口城镇化率78.5%", "常住人口、户籍人口城镇化率分别提高到78.5%和65%", False),
        ("绿地率达到37%", "污水处理率提高到37%", False),
    ],
)
def test_the_words_before_a_number_tell_what_it_is_of(said: str, there: str, same: bool) -> None:
    figure, own = figures(said)[-1], next(f for f in figures(there) if f.unit in {"%", "元"})
    assert _around(said, figure, there, own) is same
