import { expect, it } from "vitest";
import { joinLearned } from "../../src/evidence/join-learned.js";
import { MAX_OBSERVATIONS } from "../../src/incident/facts.js";
import { aChange, aLog } from "../diagnosis/support/observed.js";
import { repeat } from "./support/world.js";

it("makes room among the weakest, but keeps the change that is blamed, however weak", () => {
  const known = [
    ...repeat(MAX_OBSERVATIONS - 1, (index) => aLog(`E${index + 1}`, `line ${index}`)),
    aChange(`E${MAX_OBSERVATIONS}`, "commit", { score: 0.01 }),
  ];
  const learned = repeat(12, (index) => aLog(`E${MAX_OBSERVATIONS + 1 + index}`, `more ${index}`));
  const blamed = joinLearned(known, learned, { ids: [`E${MAX_OBSERVATIONS}`] });
  expect(blamed.observations).toHaveLength(MAX_OBSERVATIONS);
  expect(blamed.dropped).toBe(12);
  expect(blamed.observations.map(({ id }) => id)).toContain(`E${MAX_OBSERVATIONS}`);
  const unblamed = joinLearned(known, learned, { ids: [] });
  expect(unblamed.observations.map(({ id }) => id)).not.toContain(`E${MAX_OBSERVATIONS}`);
});
