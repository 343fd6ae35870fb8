import pytest

from index import ancestors, find_regions, lies_in, resolve_region
from index.regions import candidates


def _found(text: str, near: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [(text[start:end], named[0].name) for start, end, named in find_regions(text, near)]


@pytest.mark.parametrize(
    ("name", "code", "level", "short"),
    [
        ("全国", "0", "国家", "全国"),
        ("山东省", "37", "省级", "山东"),
        ("济南市", "3701", "市级", "济南"),
        ("历城区", "370112", "县级", "历城"),
        ("内蒙古自治区", "15", "省级", "内蒙古"),
        ("广西壮族自治区", "45", "省级", "广西"),
        ("延边朝鲜族自治州", "2224", "市级", "延边"),
        ("北京市", "11", "省级", "北京"),
    ],
)
def test_names_codes_levels_and_short_forms(name: str, code: str, level: str, short: str) -> None:
    region = resolve_region(name)
    assert region is not None
    assert (region.code, region.name, region.level, region.short) == (code, name, level, short)


def test_each_lies_in_all_around_it() -> None:
    licheng, jinan, shandong, linyi = map(resolve_region, ["历城区", "济南市", "山东省", "临沂市"])
    assert [region.name for region in ancestors(licheng)] == ["济南市", "山东省", "全国"]
    assert ancestors(resolve_region("全国")) == []
    assert lies_in(licheng, jinan)
    assert lies_in(licheng, shandong)
    assert lies_in(jinan, jinan)
    assert not lies_in(jinan, licheng)
    assert not lies_in(licheng, linyi)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("济南和临沂的目标", [("济南", "济南市"), ("临沂", "临沂市")]),
        ("山东省济南市历城区", [("山东省", "山东省"), ("济南市", "济南市"), ("历城区", "历城区")]),
        ("我国城镇化", [("我国", "全国")]),
        ("加快城区建设,促进和平发展", []),
        ("没有地名", []),
        ("", []),
    ],
)
def test_regions_named_in_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert _found(text) == expected


def test_the_short_name_of_a_county_counts_only_near_by() -> None:
    assert _found("章丘的定位") == []
    assert _found("章丘的定位", frozenset({"3701"})) == [("章丘", "章丘区")]
    assert _found("章丘区的定位") == [("章丘区", "章丘区")]


def test_a_full_name_is_resolved_from_the_outside_in() -> None:
    # There are several 鼓楼区: the one that lies in what was named before it is meant.
    assert len([r for r in candidates("鼓楼区") if r.level == "县级"]) > 1
    assert resolve_region("江苏省南京市鼓楼区").code == "320106"  # type: ignore[union-attr]
    assert resolve_region("福建省福州市鼓楼区").code == "350102"  # type: ignore[union-attr]
    assert resolve_region("济南市历城区").code == "370112"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["", "火星", "abc"])
def test_what_is_no_region_is_none(name: str) -> None:
    assert resolve_region(name) is None
    assert candidates(name) == ()


def test_the_table_holds_all_provinces_and_every_parent() -> None:
    from index.regions import _table

    table = _table()
    assert sum(region.level == "省级" for region in table.values()) == 34
    for region in table.values():
        assert region.parent in table or region.code == "0"
        assert region.latin == region.latin.lower().strip()
        assert region.latin.isascii() or region.latin == ""
