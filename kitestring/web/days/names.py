"""The key dates, as data: which day, in which country, how far ahead people plan for it.

Fixed days by the law or the custom of the country; lunar days by its own lunar calendar. Sources: China, State Council order 644
and the lunar calendar GB/T 33661-2017; Vietnam, Labour Code 2019 article 112 and the days named by the government since; shopping
days as the trade keeps them (6.18 and 11.11 in China, 9.9 to 12.12 in South-East Asia).
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

# (month, day): name. `EVERYWHERE` is shown to every brand.
EVERYWHERE: Final = {
    (1, 1): _("New Year’s Day"),
    (2, 14): _("Valentine’s Day"),
    (3, 8): _("International Women’s Day"),
    (5, 1): _("Labour Day"),
    (6, 1): _("Children’s Day"),
    (10, 31): _("Halloween"),
    (12, 24): _("Christmas Eve"),
    (12, 25): _("Christmas"),
}
CHINA: Final = {
    (5, 4): _("Youth Day"),
    (5, 20): _("520"),
    (6, 18): _("618 shopping festival"),
    (9, 10): _("Teachers’ Day"),
    (10, 1): _("National Day"),
    (11, 11): _("Double 11"),
    (12, 12): _("Double 12"),
}
VIETNAM: Final = {
    (4, 30): _("Reunification Day"),
    (6, 28): _("Vietnamese Family Day"),
    (9, 2): _("National Day"),
    (9, 9): _("9.9 sale"),
    (10, 10): _("10.10 sale"),
    (10, 13): _("Entrepreneurs’ Day"),
    (10, 20): _("Vietnamese Women’s Day"),
    (11, 11): _("11.11 sale"),
    (11, 20): _("Vietnamese Teachers’ Day"),
    (12, 12): _("12.12 sale"),
}
# (month, week of the month, weekday from Monday = 0, days after it): name.
MOVING: Final = {
    (5, 2, 6, 0): _("Mother’s Day"),
    (6, 3, 6, 0): _("Father’s Day"),
    (11, 4, 3, 0): _("Thanksgiving"),
    (11, 4, 3, 1): _("Black Friday"),
    (11, 4, 3, 4): _("Cyber Monday"),
}
# Of these the day itself is enough: what a shop plans for is the day after.
QUIET: Final = frozenset({(11, 4, 3, 0)})
# (lunar month, lunar day): name.
LUNAR_CHINA: Final = {
    (1, 1): _("Spring Festival"),
    (1, 15): _("Lantern Festival"),
    (5, 5): _("Dragon Boat Festival"),
    (7, 7): _("Qixi"),
    (7, 15): _("Zhongyuan Festival"),
    (8, 15): _("Mid-Autumn Festival"),
    (9, 9): _("Double Ninth Festival"),
    (10, 15): _("Xiayuan Festival"),
    (12, 8): _("Laba Festival"),
    (12, 23): _("Little New Year"),
}
LUNAR_VIETNAM: Final = {
    (1, 1): _("Tết"),
    (1, 15): _("First Full Moon"),
    (3, 10): _("Hùng Kings’ Day"),
    (5, 5): _("Đoan Ngọ"),
    (7, 15): _("Vu Lan"),
    (8, 15): _("Mid-Autumn Festival"),
    (12, 23): _("Kitchen Gods’ Day"),
}
# The day before the first of the lunar year.
EVE: Final = _("Lunar New Year’s Eve")
# From the vernal equinox on, fifteen degrees of the sun's way each.
TERMS: Final = (
    _("Spring Equinox"),
    _("Clear and Bright"),
    _("Grain Rain"),
    _("Start of Summer"),
    _("Grain Buds"),
    _("Grain in Ear"),
    _("Summer Solstice"),
    _("Minor Heat"),
    _("Major Heat"),
    _("Start of Autumn"),
    _("End of Heat"),
    _("White Dew"),
    _("Autumn Equinox"),
    _("Cold Dew"),
    _("Frost’s Descent"),
    _("Start of Winter"),
    _("Minor Snow"),
    _("Major Snow"),
    _("Winter Solstice"),
    _("Minor Cold"),
    _("Major Cold"),
    _("Start of Spring"),
    _("Rain Water"),
    _("Awakening of Insects"),
)
