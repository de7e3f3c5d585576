"""What jumps while a page arrives, before anybody has touched it: noted in the page from its first moment."""

from __future__ import annotations

# The share of the screen that may move by itself, as browsers reckon it (cumulative layout shift).
JUMPS = 0.05
WATCH = """window.__jumps = [];
let left = true;
for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { left = false }, { capture: true });
new PerformanceObserver(list => list.getEntries().forEach(e => {
    if (left && !e.hadRecentInput) window.__jumps.push([e.value, e.sources[0]?.node?.outerHTML?.slice(0, 90) ?? '']);
})).observe({ type: 'layout-shift', buffered: true });"""
