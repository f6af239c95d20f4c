import { expect, it } from "vitest";
import { draftAskMore } from "../../../../src/diagnosis/claude/prompts/ask-more.js";
import { aService } from "../../../evidence/support/world.js";
import { poolInput } from "../support/incident.js";
import { render } from "../support/rendered.js";

it("renders what can be looked at, by name", () => {
  const services = [aService(), aService({ name: "payments-db", dependsOn: [] })];
  expect(render(draftAskMore(poolInput(), { services, asked: ["checkout errors 2h"], left: 3 }))).toMatchSnapshot();
});

it("never shows a query", () => {
  expect(render(draftAskMore(poolInput(), { services: [aService()], asked: [], left: 4 }))).not.toContain("shop_pool_waiting");
});
