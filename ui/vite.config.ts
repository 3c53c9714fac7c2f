/**
 * Builds the dashboard: `deno run -A npm:vite build ui` writes ui/dist.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { preact } from "@preact/preset-vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact(), tailwindcss()],
  resolve: {
    alias: {
      "@contract/": fileURLToPath(new URL("../contract/", import.meta.url)),
    },
  },
  build: {
    // Browsers of early 2024: the first in which all have `light-dark()`.
    target: ["chrome123", "firefox120", "safari17.5"],
    // Inlined assets would be data: addresses, which the strict CSP refuses.
    assetsInlineLimit: 0,
    // The polyfill is an inline script's twin; the browsers above do without.
    modulePreload: { polyfill: false },
  },
  server: {
    // `deno run -A ui/testdata/serve.ts` answers here with made-up data.
    proxy: { "/api": "http://127.0.0.1:4700" },
  },
});
