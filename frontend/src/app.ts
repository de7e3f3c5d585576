// The shell of every page: styles, htmx, Alpine, and small behaviours that hang on data attributes.
import "./css/app.css";
import "./lib/htmx";
import { startAlpine } from "./lib/alpine";
import { startAutosave } from "./behaviours/autosave";
import { startBusy } from "./behaviours/busy";
import { startFields } from "./behaviours/fields";
import { startCounts } from "./behaviours/counts";
import { startDialogs } from "./behaviours/dialogs";
import { startKeys } from "./behaviours/keys";
import { startMenus } from "./behaviours/menus";
import { startPalette } from "./behaviours/palette";
import { startTheme } from "./behaviours/theme";
import { startToasts } from "./behaviours/toasts";

startTheme();
startDialogs();
startMenus();
startToasts();
startPalette();
startKeys();
startCounts();
startAutosave();
startBusy();
startFields();
startAlpine();
