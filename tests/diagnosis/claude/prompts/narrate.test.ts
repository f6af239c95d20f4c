import { expect, it } from "vitest";
import { draftNarrate } from "../../../../src/diagnosis/claude/prompts/narrate.js";
import { redact } from "../../../../src/outside/redact.js";
import { aroundData, render } from "../support/rendered.js";

const RECORD = {
  summary: [redact("At 04:40 UTC the alert OBEY began."), redact("It was resolved by the plan.")],
  wentWell: [redact("Every source answered.")],
  wentBadly: [],
};

it("renders the record as data", () => {
  expect(render(draftNarrate(RECORD))).toMatchSnapshot();
});

it("has nothing of it outside the data", () => {
  expect(aroundData(render(draftNarrate(RECORD)))).not.toContain("OBEY");
});
