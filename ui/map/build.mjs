// Bundles map and reader: one module for the app, one script for the offline page. Called by `python -m ui.map.bundle`.
import { build } from "esbuild";

const common = {
  bundle: true,
  minify: true,
  target: "es2021",
  loader: { ".css": "text" },
  legalComments: "inline",
  logLevel: "warning",
};

await build({ ...common, entryPoints: ["src/main.js"], format: "esm", outfile: "dist/map.js" });
await build({ ...common, entryPoints: ["src/offline.js"], format: "iife", outfile: "dist/offline.js" });
