// Takes the engine of the static site's page of queries from its package. `npm ci && npm run build` in this folder.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const from = fileURLToPath(new URL("node_modules/oxigraph/", import.meta.url));
const into = fileURLToPath(new URL("../../web/built/query/oxigraph/", import.meta.url));

await mkdir(into, { recursive: true });
const { code } = await transform(await readFile(`${from}web.js`, "utf8"), { minify: true, format: "esm", target: "es2022", legalComments: "none" });
await writeFile(`${into}web.js`, `/* Taken by tools/oxigraph from its package; licence in LICENSE-MIT.txt. */\n${code}`);
await copyFile(`${from}web_bg.wasm`, `${into}web_bg.wasm`);
