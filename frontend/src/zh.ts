// Noto Sans SC in its hundred slices; a page fetches only those it shows. Linked late so that it never holds up the first text.
import "@fontsource/noto-sans-sc/400.css";
import "@fontsource/noto-sans-sc/600.css";
