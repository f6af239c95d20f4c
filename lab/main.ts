import { parseArgs } from "node:util";
import { serveLab } from "./serve.js";

/** `node lib/lab/main.js [--json] [--fast]`: the lab alone, as `gatehouse lab` runs it. */
const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, fast: { type: "boolean", default: false } },
});
await serveLab(values);
