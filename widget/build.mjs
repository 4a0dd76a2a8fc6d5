// Builds the two scripts that the website channel serves. The same sources give the same bytes on every machine.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = ["chrome109", "edge109", "firefox115", "safari16.4"];
const folder = process.argv[2] ?? join(here, "..", "channels", "website", "static", "widget");

// Style sheets become minified strings, because only constructed style sheets pass a strict Content-Security-Policy.
const styles = {
  name: "styles",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

async function bundle(entry, define) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    charset: "utf8",
    legalComments: "none",
    banner: { js: "/* Frontdesk, Apache-2.0; panel.js holds Lit, BSD-3-Clause, (c) Google LLC */" },
    conditions: ["production"],
    define,
    plugins: [styles],
    target,
  });
  return Buffer.from(result.outputFiles[0].contents);
}

const version = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
const integrity = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

const panel = await bundle("src/panel/index.ts", {});
const widget = await bundle("src/launcher/index.ts", {
  PANEL_FILE: JSON.stringify(`panel-${version(panel)}.js`),
  PANEL_INTEGRITY: JSON.stringify(integrity(panel)),
});

await mkdir(folder, { recursive: true });
for (const [name, bytes] of Object.entries({ widget, panel })) {
  await writeFile(join(folder, `${name}.js`), bytes);
  console.log(`${name}-${version(bytes)}.js  ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
  console.log(`  ${integrity(bytes)}`);
}
