"""Every rule and every count on each key press: more than 2,000 posts a second on one core.

Posts of 100 to 600 characters in Chinese, Vietnamese and English, put together from sentences as managers write them, each
one different; one in eight says what a rule is about. A post is counted as its channel counts and held against all packs,
as the composer does for a brand that sells in China, Vietnam and the USA. Beside it, in the same run, the least that could be
done: one `regex` alternation of the rules' words over the bare text, which sees no variant, no context and no place.
`posts_per_s`: the slowest of the three languages, median of five rounds; `ratio`: that language's posts a second, through
those of the bare scan. Arguments: posts per language (2000).
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import regex

ROOT = Path(__file__).resolve().parent.parent
POSTS, ROUNDS, LEAST = 2000, 5, 2000

SENTENCES = {
    "zh": [
        "立冬前后，山里的茶园安静下来，我们把去年秋天存的岩茶翻出来炭火慢炖。",
        "水温九十五度，第一泡十秒，第二泡十五秒，第三泡以后每次加五秒，别急。",
        "昨天有位老客人说，这一口让他想起外婆家的灶台☕️",
        "最近三家门店都换了新的盖碗，杯壁更薄，出汤更快。",
        "今天最高气温只有八度，记得多穿一件，来店里坐坐。",
        "周六下午两点，杭州店有一场小小的品茗会，座位不多，留言告诉我们你要来🍵",
        "我们不着急把茶卖给你，先坐下来喝一杯再说。",
        "冷泡的方法很简单：五克茶，五百毫升水，冰箱里放一夜。",
    ],
    "vi": [
        "Sáng nay Sài Gòn 22 độ, ly cà phê muối đầu tiên đã ra quầy ☕️",
        "Ngụm đầu đừng khuấy, để lớp kem mặn chạm môi trước, vị đắng theo sau.",
        "Chủ nhật này quán mở cửa sớm hơn một tiếng, nhất là cho mấy bạn chạy bộ.",
        "Hạt được rang mộc ở Cầu Đất, mỗi mẻ chỉ mười hai ký, ghi rõ ngày rang trên túi.",
        "Bạn thích đậm hay nhạt, cứ nói với bạn pha chế, tụi mình chỉnh theo ý bạn.",
        "Ít nhất một lần trong tuần, hãy cho mình mười lăm phút không điện thoại.",
        "Từ 27 đến 29/11, nói “khuấy ba vòng” là được thêm một bánh quy gừng 🍪",
        "Ghé chi nhánh số 1 Trần Hưng Đạo, tầng hai có chỗ ngồi nhìn ra hàng me.",
    ],
    "en": [
        "The first salt coffee of the day went over the counter at half past six ☕️",
        "Do not stir the first sip: let the cream reach you before the bitterness does.",
        "We roast twelve kilos at a time and write the day on every bag.",
        "On Sunday the doors open an hour early, mostly for people who run along the canal.",
        "Thanks to everybody who came last night; the house was as full as it gets.",
        "If you like it lighter, say so, and whoever is behind the bar will change it for you.",
        "Between the 27th and the 29th there is a ginger biscuit for whoever asks for three turns 🍪",
        "The upper floor at No. 14 looks out on the trees, and the plugs are under the bench.",
    ],
}
CLAIMS = {
    "zh": "这是全城最😊好喝的一杯，转发领红包！",
    "vi": "Ly cà phê muối ngon nhất Sài Gòn, số một Việt Nam.",
    "en": "So good to work with Hiên #spon #coffee #saigon",
}
CHANNELS = {"zh": "xiaohongshu", "vi": "bluesky", "en": "mastodon"}


def posts(language: str, count: int) -> list[str]:
    """So many different posts."""
    chance = random.Random(language)
    made = []
    for number in range(count):
        text, wanted = "", chance.randint(100, 600)
        while len(text) < wanted:
            text += chance.choice(SENTENCES[language]) + ("" if language == "zh" else " ")
        made.append(f"{text[:580]}{CLAIMS[language] if number % 8 == 0 else ''} {number}")
    return made


def _per_second(work: Callable[[str], object], texts: list[str]) -> float:
    rates = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        for text in texts:
            work(text)
        rates.append(len(texts) / (time.process_time() - begun))
    return statistics.median(rates)


def _measured(language: str, channel: str, texts: list[str]) -> tuple[float, float]:
    """(posts a second, hits a post) of counting and linting."""
    from kitestring.connectorkit import registry
    from kitestring.connectorkit.counting import measure
    from kitestring.rulepacks import audience, lint

    limit = registry.get(channel).manifest.kinds[0].text
    reached = audience(channel, ["CN", "VN", "US"])
    facts = {"link": False, "fold": 125}
    hits = 0

    def judge(text: str) -> None:
        nonlocal hits
        measure(text, limit)
        hits += len(lint(text, channels=[channel], countries=reached, languages=[language], facts=facts))

    judge(texts[0])  # what is read once is read now
    hits = 0
    return _per_second(judge, texts), hits / ROUNDS / len(texts)


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from kitestring.rulepacks import rules

    many = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    words = {word for rule in rules().values() for one in rule.words for word in (*one.words, *one.then)}
    bare = regex.compile("|".join(map(regex.escape, sorted(words, key=len, reverse=True))), regex.IGNORECASE)
    found: list[tuple[float, float]] = []
    print(f"{len(rules())} rules, {len(words)} words; {many:,} posts a language, median of {ROUNDS} rounds")
    for language, channel in CHANNELS.items():
        texts = posts(language, many)
        ours, hits = _measured(language, channel, texts)
        scan = _per_second(bare.findall, texts)
        found.append((ours, scan))
        letters = statistics.mean(map(len, texts))
        print(
            f"{language}  {letters:4.0f} letters  {ours:8,.0f} posts/s   bare scan {scan:8,.0f}   {hits:.2f} hits a post"
        )
    slowest, scan = min(found)
    print(f"limit {LEAST:,} posts/s, x {slowest / LEAST:.1f}")
    print(f"text_rules posts_per_s={slowest:.0f} ratio={slowest / scan:.2f} bare_per_s={scan:.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
