// Behaviours of the editorial desk. The editor itself is a file of its own and only loaded where it is used.
import "./live-part.js";
import "./rich-text.js";
