"""Chinese ordinals below a hundred: 第十二章 is the twelfth."""

DIGITS = "零一二三四五六七八九"


def ordinal(digits: str) -> int:
    """Return the number that 五, 十二 or 12 stands for, below 100."""
    if digits.isdigit():
        return int(digits)
    tens, _, ones = digits.rpartition("十")
    base = 0
    if "十" in digits:
        base = 10 * (DIGITS.index(tens) if tens else 1)
    return base + (DIGITS.index(ones) if ones else 0)


def numeral(number: int) -> str:
    """Return ``number``, below 100, in Chinese: 12 → 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones or not head else "")


def five_years(digit: str) -> tuple[int, int]:
    """First and last year of a planning period: 十四五 (四) is 2021–2025; 十一五 began in 2006."""
    first = 2001 + 5 * DIGITS.index(digit)
    return first, first + 4
