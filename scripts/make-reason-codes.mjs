/** Writes docs/reason-codes.md from the list in the code. Run after `npm run compile`. */
import { writeFileSync } from "node:fs";
import { renderReasonCodes } from "../lib/src/render/reasons.js";

writeFileSync("docs/reason-codes.md", renderReasonCodes());
