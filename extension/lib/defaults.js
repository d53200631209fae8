/** The built-in companion. The build writes this file anew (`--api`, `--zone`). */
export const COMPANION = { api: "http://127.0.0.1:8053", zone: "" };
