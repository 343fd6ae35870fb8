"""The library's tab without a browser: the table, one document, accounts, outcomes, and words."""

import re
from html import unescape
from pathlib import Path

import pytest

from index import Changes, Index, audit, build, update
from qa import Engine, present
from qa.holding import Holding, Outcome
from qa.present import FIELDS, View
from qa.present.audits import account
from qa.present.documents import MOST, chosen
from qa.shelf import READ_ONLY, SEEDS_LOCKED
from qa.words import english


def _seen(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def _column(html: str, name: str) -> list[str]:
    return [unescape(x) for x in re.findall(rf'<td class="gw-of-{name}"[^>]*>([^<]*)</td>', html)]


def test_the_table_has_a_row_for_each_document_with_its_figures(engine: Engine) -> None:
    index = engine.index
    html = present.table(index, View())
    assert [unescape(n) for n in re.findall(r'gw-choose" value="([^"]+)"', html)] == [
        one.id for one in chosen(index, View())
    ]
    counted = dict(zip(_column(html, "characters"), _column(html, "passages"), strict=True))
    for name, document in index.documents.items():
        assert counted[f"{len(document.text):,}"] == f"{len(index.document_rows[name]):,}"
    assert "济政发〔2022〕9号" in _column(html, "number")
    assert set(_column(html, "format")) == {"文本"}


def test_the_table_sorts_both_ways_with_gaps_last(engine: Engine) -> None:
    view = View().by("characters")
    assert view == View("characters")
    long = [len(one.text) for one in chosen(engine.index, view.by("characters"))]
    assert long == sorted(long, reverse=True)
    for view in (View("issued"), View("issued", descending=True)):
        dates = [one.issued for one in chosen(engine.index, view)]
        assert sorted(dates) != dates
        filled = [date for date in dates if date]
        assert dates == [*filled, *[""] * (len(dates) - len(filled))]
        assert filled == sorted(filled, reverse=view.descending)
    html = present.table(engine.index, View("issued", descending=True))
    assert html.count('aria-sort="descending"') == 1
    assert [len(one.text) for one in chosen(engine.index, View("nonsense"))]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [("", 5), ("济南", 2), ("济南 县级", 1), ("2022〕9号", 1), ("TXT", 5), ("火星", 0), ("2021–2035", 4)],
)  # fmt: skip
def test_the_filter_looks_at_all_that_is_told(wanted: str, count: int, engine: Engine) -> None:
    assert len(chosen(engine.index, View(wanted=wanted))) == count
    html = present.table(engine.index, View(wanted=wanted))
    assert html.count("gw-choose") == count
    if not count:
        assert "没有符合“火星”的文件" in html


def test_a_table_too_long_says_how_much_is_not_listed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.present.documents.MOST", 2)
    html = present.table(engine.index, View())
    assert MOST == 500
    assert html.count("gw-choose") == 2
    assert "另有 3 份没有列出" in html


def test_one_document_tells_how_sure_each_field_is_and_where_it_stands(engine: Engine) -> None:
    index = engine.index
    name = next(n for n, d in index.documents.items() if d.number)
    html = present.one(index, name)
    assert html.count("<tr>") == len(FIELDS)
    assert "济政发〔2022〕9号" in _seen(html)
    places = [unescape(p) for p in re.findall(r'gw-told" value="([^"]+)"', html)]
    assert places
    for place in places:
        assert "<mark>" in present.source(index, place)
    (whole,) = re.findall(r'gw-whole" value="([^"]+)"', html)
    assert "gw-text" in present.source(index, unescape(whole))
    assert present.values(index.documents[name])[5] == "济政发〔2022〕9号"


def test_accounts_are_told_in_words(engine: Engine) -> None:
    index = engine.index
    found = {one.document_id: one for one in audit(index).documents}
    for name, one in found.items():
        told = _seen(present.told(index, name))
        assert f"全文 {one.characters:,} 字" in told
        assert f"其中 {one.indexed:,} 字可以查到" in told
        assert "每个字都有去向" in told
        assert f"{one.passages} 个段落，每段都能" in told
        assert ("拼音注音" in told) == bool(one.damage.get("gloss"))
    whole = _seen(present.audited(index))
    assert f"全文 {sum(one.characters for one in found.values()):,} 字" in whole
    assert "几乎重复的自然段" in whole


def test_what_is_wrong_in_an_account_is_said(engine: Engine) -> None:
    from dataclasses import replace

    one = audit(engine.index).documents[0]
    broken = replace(one, unaccounted=7, round_trips=one.passages - 2, orphans=("甲<b>",))
    html = account(broken)
    assert "有 7 字去向不明" in html
    assert "有 2 个段落不能回到原文" in html
    assert "甲&lt;b&gt;" in html


def test_hostile_names_and_titles_stay_text(tmp_path: Path) -> None:
    (tmp_path / "<img src=x>.txt").write_text(
        "<script>alert(1)</script>市规划\n一、<b>目标</b>\n要发展。\n", encoding="utf-8"
    )
    index = Index.open(build([tmp_path / "<img src=x>.txt"], tmp_path / "index").folder)
    name = "<img src=x>.txt"
    shown = (
        present.table(index, View(wanted="")) + present.one(index, name) + present.told(index, name)
        + present.openers(index, name) + present.audited(index) + present.table(index, View(wanted="<i>"))
        + present.question("<i>") + present.outcome(Outcome((), {name: "<i>"}, ("<i>",)), "<i>")
    )  # fmt: skip
    assert not re.search(r"<(img|script|i|b>目标)", shown)
    assert "&lt;img src=x&gt;" in shown


def test_the_page_says_what_may_be_changed_where(tmp_path: Path) -> None:
    assert "不动那个文件夹" in present.kind(Holding(tmp_path))
    assert "副本" in present.kind(Holding(tmp_path, tmp_path))
    assert "新建一个资料库" in present.kind(Holding(tmp_path, locked=SEEDS_LOCKED))
    for told in (SEEDS_LOCKED, READ_ONLY):
        assert english()(told) != told
    for holding in (Holding(tmp_path), Holding(tmp_path, tmp_path)):
        assert "library" in present.kind(holding, english())


def test_an_outcome_tells_all_that_came_of_it() -> None:
    html = present.outcome(
        Outcome(("a",), {"b.txt": "是空的"}, ("c：已按 Word 读入",)), "已放入 1 份"
    )
    assert re.sub(r"\s+", " ", _seen(html)).strip() == (
        "已放入 1 份 请留意： c：已按 Word 读入 没有放入的 1 份： b.txt 是空的"
    )


def test_the_summary_follows_the_index(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(
            f"{name}市规划\n一、目标\n要发展。\n", encoding="utf-8"
        )
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    folder = build(files, tmp_path / "index").folder
    assert "2 份文件" in present.summary(Index.open(folder))
    update(folder, Changes(removed=("a.txt",)))
    assert "1 份文件" in present.summary(Index.open(folder))


def test_every_word_of_these_parts_has_its_english() -> None:
    said = english()
    texts = [*FIELDS.values()]
    for sure in present.documents._SURE.values():
        texts.append(sure)
    for text in (
        *texts,
        "读取",
        "分析",
        "写入",
        "看文字",
        "正在取页面……",
        "没有找到",
        "文件太大，没有上传：",
    ):
        assert said(text) != text
