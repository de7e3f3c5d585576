"""What jumps while a page arrives, before anybody has touched it: noted in the page from its first moment.

A test fills a field without pressing a key: that is a touch too, and what grows by it was asked for."""

from __future__ import annotations

# The share of the screen that may move by itself, as browsers reckon it (cumulative layout shift).
JUMPS = 0.05
# A typeface that arrives late moves lines where the machine has none for the script, as a test machine has none for
# Chinese: what moves while typefaces arrive is left out. It moves when the next picture is drawn, which a busy machine
# draws late: the arrival ends two pictures after the browser has said that the typeface is there.
WATCH = """window.__jumps = [];
let left = true, begun = null;
const spans = [];
const moved = at => (begun !== null && at >= begun - 50) || spans.some(([from, to]) => at >= from - 50 && at <= to + 200);
const touches = ['pointerdown', 'keydown', 'input', 'change'];
for (const kind of touches) addEventListener(kind, () => { left = false }, { capture: true });
document.fonts.addEventListener('loading', () => { begun ??= performance.now() });
const arrived = () => {
    spans.push([begun ?? performance.now(), performance.now()]);
    if (document.fonts.status === 'loaded') begun = null;
    window.__jumps = window.__jumps.filter(jump => !moved(jump[2]));
};
document.fonts.addEventListener('loadingdone', () => {
    begun ??= performance.now();
    requestAnimationFrame(() => requestAnimationFrame(arrived));
});
new PerformanceObserver(list => list.getEntries().forEach(e => {
    const judged = left && !document.documentElement.lang.startsWith('zh');
    if (judged && !e.hadRecentInput && !moved(e.startTime)) {
        window.__jumps.push([e.value, e.sources[0]?.node?.outerHTML?.slice(0, 90) ?? '', e.startTime]);
    }
})).observe({ type: 'layout-shift', buffered: true });"""
