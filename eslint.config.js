import globals from "globals";
import noUnsanitized from "eslint-plugin-no-unsanitized";

/** Only lib/ext.js opens the door to the browser's extension API. */
const oneDoor = {
  "no-restricted-globals": [
    "error",
    { name: "chrome", message: "Go through extension/lib/ext.js." },
    { name: "browser", message: "Go through extension/lib/ext.js." },
  ],
  "no-restricted-properties": [
    "error",
    ...["globalThis", "window", "self"].flatMap((object) =>
      ["chrome", "browser"].map((property) => ({ object, property, message: "Go through extension/lib/ext.js." })),
    ),
  ],
};

const correctness = {
  "no-undef": "error",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
  "no-var": "error",
  "prefer-const": "error",
  eqeqeq: ["error", "always", { null: "ignore" }],
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-throw-literal": "error",
  "no-unreachable": "error",
  "no-fallthrough": "error",
  "no-dupe-keys": "error",
  "no-self-assign": "error",
  "no-constant-binary-expression": "error",
  "no-promise-executor-return": "off",
  "no-unsafe-finally": "error",
  "require-yield": "error",
  "use-isnan": "error",
  "valid-typeof": "error",
};

export default [
  { ignores: ["build/", "dist/", "out/", "node_modules/"] },
  {
    files: ["**/*.js", "**/*.mjs"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    rules: correctness,
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    ignores: ["extension/"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["extension/**/*.js"],
    plugins: { "no-unsanitized": noUnsanitized },
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "no-unsanitized/method": "error",
      "no-unsanitized/property": "error",
      "max-lines": ["error", 300],
      ...oneDoor,
    },
  },
  {
    files: ["extension/lib/ext.js"],
    languageOptions: { globals: { chrome: "readonly" } },
    // One door is one file, also where there is much to carry through it.
    rules: { "no-restricted-globals": "off", "no-restricted-properties": "off", "max-lines": ["error", 400] },
  },
  {
    // A content script is a classic script and cannot import; it opens one port and nothing else.
    files: ["extension/gather/content.js"],
    languageOptions: { sourceType: "script", globals: { chrome: "readonly" } },
    rules: { "no-restricted-globals": "off" },
  },
  {
    // So are the watcher's: one speaks to the page, one listens and sends messages, one blocks.
    files: ["extension/watch/*.js"],
    languageOptions: { sourceType: "script", globals: { chrome: "readonly" } },
    rules: { "no-restricted-globals": "off", "max-lines": ["error", 340] },
  },
  {
    files: ["e2e/**/*.js", "tests/**/*.js", "bench/**/*.js"],
    languageOptions: { globals: { ...globals.browser, chrome: "readonly", browser: "readonly" } },
  },
  {
    // Websites of the lab: classic scripts that share their names, as on the web.
    files: ["lab/pages/site/*.js"],
    languageOptions: {
      sourceType: "script",
      globals: { ...globals.browser, STUN: "readonly", GATHERS_WITHIN: "readonly", pause: "readonly" },
    },
    rules: { "no-unused-vars": ["error", { vars: "local" }], "no-redeclare": "off" },
  },
];
