// Design tokens as real colours, for canvases and charts that cannot read CSS variables.
const probe = document.createElement("span");
probe.hidden = true;

/** The colour a token has now, in light or dark: token("--plot"). */
export function token(name: string): string {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/** Call again whenever the theme changes, by the member or by the system. */
export function onTheme(redraw: () => void): void {
  document.addEventListener("ks:theme", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
