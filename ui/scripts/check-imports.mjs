// Features do not import features: what two screens share belongs in src/components, and a screen can be
// removed or rewritten alone. Components and api know neither features nor the app around them.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const source = resolve(dirname(fileURLToPath(import.meta.url)), "../src");
const importPattern = /(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g;

function area(path) {
  const parts = relative(source, path).split(/[\\/]/);
  return parts[0] === "features" ? `features/${parts[1]}` : parts[0];
}

function allowed(from, to) {
  if (to === "..") return true; // tests/ beside src: the support of component tests
  if (from === to || to === "api" || to === "components") return from !== "api" || to === "api";
  if (from.startsWith("features/") || from === "components" || from === "api") return false;
  return true;
}

const faults = [];
for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  for (const [, target] of readFileSync(file, "utf8").matchAll(importPattern)) {
    const from = area(file);
    const to = area(resolve(dirname(file), target));
    if (!allowed(from, to))
      faults.push(`${relative(source, file)} imports ${target}: ${from} may not use ${to}`);
  }
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log("Imports between folders: as the design allows.");
