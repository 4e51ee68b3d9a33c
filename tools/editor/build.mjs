// Builds web/static/query/editor.js and the licences of what is in it. `npm ci && npm run build` in this folder.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const into = fileURLToPath(new URL("../../web/static/query/", import.meta.url));

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["editor.mjs"],
  outfile: `${into}editor.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  banner: { js: "/* Built by tools/editor from editor.mjs; licences in LICENSE-editor.txt. */" },
  metafile: true,
});

const packages = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) packages.add(found[1]);
}
const parts = ["What is in editor.js besides our own editor.mjs, and on what terms.\n"];
for (const name of [...packages].sort()) {
  const folder = `${here}node_modules/${name}/`;
  const { version, license } = JSON.parse(await readFile(`${folder}package.json`, "utf8"));
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} carries no licence text.`);
  parts.push(`${"-".repeat(72)}\n${name} ${version} (${license})\n\n${(await readFile(folder + file, "utf8")).trim()}\n`);
}
await writeFile(`${into}LICENSE-editor.txt`, parts.join("\n"));
