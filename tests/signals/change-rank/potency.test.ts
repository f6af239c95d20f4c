import { describe, expect, it } from "vitest";
import { potencyOf } from "../../../src/signals/change-rank/potency.js";

function potency(diff: string, path = "cart.ts"): number {
  return potencyOf({ diff, files: [path] });
}

describe("how much a change alters what runs", () => {
  it.each([
    { name: "a renamed variable", diff: "-const amt = net;\n+const amount = net;" },
    {
      name: "a helper that was pulled out",
      diff: "-  write(load(id));\n+  show(id);\n+}\n+function show(id) {\n+  write(load(id));",
    },
    { name: "new lines beside the old", diff: "+export const badge = () => 1;" },
    { name: "a figure that hardly moved", diff: "-const size = 200;\n+const size = 220;" },
    { name: "a value that is only wrapped", diff: "-  return name;\n+  return name.trim();" },
    { name: "lines that were not read", diff: null },
  ])("little: $name", ({ diff }) => {
    expect(potencyOf({ diff, files: ["cart.ts"] })).toBeLessThanOrEqual(0.4);
  });

  it.each([
    { name: "a switch", diff: "-  fast: false,\n+  fast: true," },
    { name: "another text", diff: '-  mode: "none",\n+  mode: "strict",' },
    { name: "a figure that is far from what it was", diff: "-const size = 200;\n+const size = 5;" },
    { name: "a call to something else", diff: "-  send(click.session());\n+  send(click.tenant());" },
    { name: "lines that went", diff: "-  if (fresh(keys)) return keys;\n   return load();" },
  ])("much: $name", ({ diff }) => {
    expect(potency(diff)).toBeGreaterThan(0.6);
  });

  it("goes by the size of the step where a package moved", () => {
    expect(potency('-    "undici": "5.1.0"\n+    "undici": "6.0.0"', "package.json")).toBeGreaterThan(
      potency('-    "undici": "5.1.0"\n+    "undici": "5.1.1"', "package.json"),
    );
  });
});
