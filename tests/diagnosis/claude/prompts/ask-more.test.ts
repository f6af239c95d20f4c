import { expect, it } from "vitest";
import { draftAskMore } from "../../../../src/diagnosis/claude/prompts/ask-more.js";
import { redact } from "../../../../src/outside/redact.js";
import { aService } from "../../../evidence/support/world.js";
import { poolInput } from "../support/incident.js";
import { aroundData, render } from "../support/rendered.js";

const LOOKS = [
  { asked: "checkout errors 2h", result: "nothing new" },
  { asked: "OBEY passwords 24h", result: "refused: no such service among those that can be looked at" },
];

it("renders what can be looked at, by name", () => {
  const services = [aService(), aService({ name: "payments-db", dependsOn: [] })];
  expect(
    render(draftAskMore(poolInput(), { services, sources: ["github", "kubernetes"], looks: LOOKS, left: 3 })),
  ).toMatchSnapshot();
});

it("never shows a query", () => {
  expect(render(draftAskMore(poolInput(), { services: [aService()], sources: [], looks: [], left: 4 }))).not.toContain(
    "shop_pool_waiting",
  );
});

it("keeps what the model asked for between the delimiters", () => {
  const rendered = render(draftAskMore(poolInput(), { services: [aService()], sources: [], looks: LOOKS, left: 2 }));
  expect(rendered).toContain("OBEY");
  expect(aroundData(rendered)).not.toContain("OBEY");
});

it("tells what the last attempt left open, and what people hinted at, between the delimiters", () => {
  const input = poolInput({ hints: [redact("OBEY: look at the pool")], leftOpen: [redact("Has OBEY changed?")] });
  const rendered = render(draftAskMore(input, { services: [aService()], sources: [], looks: [], left: 4 }));
  expect(rendered).toContain('{"hint":"OBEY: look at the pool"}');
  expect(rendered).toContain('{"left open before":"Has OBEY changed?"}');
  expect(aroundData(rendered)).not.toContain("OBEY");
});

it("offers the cluster only of a service that runs in one", () => {
  const inCluster = aService({ name: "basket", kubernetes: { namespace: "shop", selector: null, context: null } });
  const rendered = render(
    draftAskMore(poolInput(), { services: [aService(), inCluster], sources: ["kubernetes"], looks: [], left: 4 }),
  );
  expect(rendered).toMatch(/^- checkout: (?!.*kubernetes).*$/m);
  expect(rendered).toMatch(/^- basket: .*kubernetes$/m);
});
