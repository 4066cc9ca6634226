// Builds dist/: a script for the live map, one for analysis maps, the style sheet, the page and its fonts. Nothing is fetched.
import { build } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";

const FONTS = {
  "Inter-Regular.ttf": "400Regular/Inter_400Regular.ttf",
  "Inter-Medium.ttf": "500Medium/Inter_500Medium.ttf",
  "Inter-SemiBold.ttf": "600SemiBold/Inter_600SemiBold.ttf",
  "Inter-Bold.ttf": "700Bold/Inter_700Bold.ttf",
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist/fonts", { recursive: true });
await build({
  entryPoints: { map: "src/main.ts", analysis: "src/analysis.ts", "map-style": "static/map.css" },
  outdir: "dist",
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "iife",
  target: "chrome122",
  external: ["/fonts/*"],
  inject: ["src/global-leaflet.ts"],
  loader: { ".png": "dataurl" },
  legalComments: "eof",
});
await cp("static/index.html", "dist/index.html");
for (const [name, source] of Object.entries(FONTS)) {
  await cp(`node_modules/@expo-google-fonts/inter/${source}`, `dist/fonts/${name}`);
}
await cp("node_modules/@expo-google-fonts/inter/LICENSE_FONT", "dist/fonts/LICENSE");
