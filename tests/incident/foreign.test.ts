import { expect, it } from "vitest";
import { isForeign } from "../../src/incident/foreign.js";
import { encodeIntakeBlock } from "../../src/intake/intake.js";
import * as sample from "../render/sample.js";
import { journalBody, mindFacts } from "./support.js";

const journal = journalBody(mindFacts(sample.waiting()));
const newborn = encodeIntakeBlock({ key: "k1", alerts: [sample.alert], reportedBy: null });

it.each([
  { name: "another workflow's", labels: ["report"], body: "Broken links found.", foreign: true },
  { name: "an alarm's", labels: ["gatehouse-alarm"], body: "The automation broke.", foreign: true },
  { name: "one with the label of incidents", labels: ["incident"], body: "All fine.", foreign: false },
  { name: "a newborn without its label", labels: [], body: newborn, foreign: false },
  { name: "a journal without its label", labels: [], body: journal, foreign: false },
  { name: "a damaged journal without its label", labels: ["report"], body: journal.slice(0, -40), foreign: false },
])("an issue is foreign or not: $name → $foreign", ({ labels, body, foreign }) => {
  expect(isForeign({ labels, body })).toBe(foreign);
});
