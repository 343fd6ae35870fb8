"""What a page offers while someone types an indicator, a region or a year."""

from typing import Any

from index import InputError, normalise
from qa.comparison.asked import years_of
from qa.comparison.catalogue import Catalogue
from qa.present import comparison as shown
from qa.words import CHINESE, Words

# More than these no one looks through; typing on narrows them down.
_MOST = 30
_LONGEST = 100

Option = tuple[str, str, str]


def offered(
    catalogue: Catalogue, field: object, typed: object, chosen: object, say: Words = CHINESE
) -> str:
    """Return the options of a field as HTML, those that suit what is chosen first.

    Args:
        catalogue: of the index.
        field: indicators, regions or years.
        typed: what stands in the field.
        chosen: as :func:`qa.comparison.asked.asked_from` takes it; all may be empty.
        say: the language of the notes.

    Raises:
        InputError: there is no such field, or too much was typed.
    """
    words = str(typed or "").strip()
    if len(words) > _LONGEST or not isinstance(chosen, dict):
        raise InputError(f"请写得短一些：不超过 {_LONGEST} 字。")
    makers = {"indicators": _indicators, "regions": _regions, "years": _years}
    if field not in makers:
        raise InputError("只能选择指标、地区和年份。")
    taken = {str(one) for one in chosen.get(str(field)) or []}
    options, note = makers[str(field)](catalogue, words, chosen, say)
    return shown.offers([option for option in options if option[0] not in taken][:_MOST], note)


def _indicators(
    catalogue: Catalogue, typed: str, chosen: dict[str, Any], say: Words
) -> tuple[list[Option], str]:
    join = bool(chosen.get("join", True))
    regions = [catalogue.region(str(name)) for name in chosen.get("regions") or []]
    found = catalogue.search(typed, regions, join, _MOST + len(chosen.get("indicators") or []))
    options = []
    for group in found:
        about = say("{count} 个地区", count=len(group.regions))
        if regions:
            shared = len(group.regions.intersection(regions))
            about = say(
                "所选地区中 {shared} 个 · 共 {count} 个", shared=shared, count=len(group.regions)
            )
        options.append((group.name, group.name, about))
    return options, _note(typed, [group.names for group in found], say)


def _note(typed: str, names: list[tuple[str, ...]], say: Words) -> str:
    wanted = normalise(typed).text.strip().lower()
    if not names:
        return say("资料库里没有“{typed}”的数值，请换一种写法", typed=typed)
    if wanted and not any(wanted in name.lower() for group in names for name in group):
        return say("没有写作“{typed}”的，最接近的是：", typed=typed)
    return ""


def _regions(
    catalogue: Catalogue, typed: str, chosen: dict[str, Any], say: Words
) -> tuple[list[Option], str]:
    names = [str(name) for name in chosen.get("indicators") or []]
    found = catalogue.places(typed, names, bool(chosen.get("join", True)))
    options = [
        (region.name, region.name, say("{count} 个数值", count=count)) for region, count in found
    ]
    if options:
        return options, ""
    try:
        region = catalogue.region(typed)
    except InputError as error:
        return [], str(error)
    return [(region.name, region.name, say("资料库里没有{region}的文件", region=region.name))], ""


def _years(
    catalogue: Catalogue, typed: str, chosen: dict[str, Any], say: Words
) -> tuple[list[Option], str]:
    names = [str(name) for name in chosen.get("indicators") or []]
    held = catalogue.years(names, bool(chosen.get("join", True)))
    found = [
        (str(year), say("{year}年", year=year), say("{count} 个数值", count=count))
        for year, count in held
        if str(year).startswith(typed.removesuffix("年"))
    ]
    if found or not typed:
        return found, ""
    try:
        years = years_of(typed)
    except InputError as error:
        return [], str(error)
    count = sum(number for year, number in held if year in years)
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    return [(span, say("{span}年", span=span), say("{count} 个数值", count=count))], ""
