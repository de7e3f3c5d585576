"""What jumps while a page arrives, before anybody has touched it: noted in the page from its first moment."""

from __future__ import annotations

# The share of the screen that may move by itself, as browsers reckon it (cumulative layout shift).
JUMPS = 0.05
# A typeface that arrives late moves lines where the machine has none for the script, as a test machine has none for
# Chinese: what moves with its arrival is left out.
WATCH = """window.__jumps = [];
let left = true;
const faces = [];
for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { left = false }, { capture: true });
document.fonts.addEventListener('loadingdone', () => {
    const at = performance.now();
    faces.push(at);
    window.__jumps = window.__jumps.filter(jump => Math.abs(jump[2] - at) > 200);
});
new PerformanceObserver(list => list.getEntries().forEach(e => {
    if (left && !e.hadRecentInput && !faces.some(at => Math.abs(at - e.startTime) <= 200)) {
        window.__jumps.push([e.value, e.sources[0]?.node?.outerHTML?.slice(0, 90) ?? '', e.startTime]);
    }
})).observe({ type: 'layout-shift', buffered: true });"""
