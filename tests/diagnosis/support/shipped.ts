import { readdirSync, readFileSync } from "node:fs";
import { parseRunbook } from "../../../src/diagnosis/runbook/parse.js";
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import type { TrustedFile } from "../../../src/ports.js";

const folder = new URL("../../../runbooks/", import.meta.url);

export function shippedFiles(): readonly TrustedFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".md"));
  return names.map((name) => ({
    path: `runbooks/${name}`,
    text: readFileSync(new URL(name, folder), "utf8"),
    sha: "c".repeat(40),
  }));
}

/** @throws with the parser's message when one of them is not valid */
export function shippedRunbooks(): readonly Runbook[] {
  return shippedFiles().map((file) => {
    const parsed = parseRunbook(file);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.runbook;
  });
}
