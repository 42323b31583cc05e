// Small behaviours of every page. Each is one custom element; without JavaScript its content simply stays as it is.
import "./error-summary.js";
import "./copy-text.js";
import "./place-picker.js";
