import { describe, expect, it } from "vitest";
import type { Entity, StormAlert } from "../../../src/signals/alert-storm/model.js";
import { rankEntities } from "../../../src/signals/alert-storm/rank-entities.js";

const entity = (id: string, kind: string): Entity => ({ id, kind, namespace: "shop" });
const alert = (name: string, on: string | null, text: string): StormAlert => ({ name, entity: on, text });

const SERVICES = ["front", "cart", "mail"].map((name) => entity(`${name}-service-1`, "Service"));
const SUFFERING = [
  alert("HighErrorRate", "front-service-1", "front fails when calling cart"),
  alert("NoRequestsReceived", "mail-service-1", "mail receives no requests - cart blocked"),
];

function first(alerts: readonly StormAlert[], entities: readonly Entity[], aliases: readonly (readonly string[])[] = []): string {
  return rankEntities({ alerts, entities, aliases })[0]?.id ?? "";
}

describe("where a storm of alerts comes from", () => {
  it.each<{ name: string; alerts: readonly StormAlert[]; entities: readonly Entity[]; expected: string }>([
    {
      name: "the one that the alerts of others name, though it raised none",
      alerts: SUFFERING,
      entities: SERVICES,
      expected: "cart-service-1",
    },
    {
      name: "the one that is broken itself",
      alerts: [...SUFFERING.slice(0, 1), alert("KubePodCrashLooping", "mail-service-1", "mail crashes")],
      entities: SERVICES,
      expected: "mail-service-1",
    },
    {
      name: "the experiment called after what suffers",
      alerts: SUFFERING,
      entities: [...SERVICES, entity("cart-delay", "NetworkChaos")],
      expected: "cart-delay",
    },
    {
      name: "the settings that take part",
      alerts: SUFFERING,
      entities: [...SERVICES, entity("flags", "ConfigMap")],
      expected: "flags",
    },
    {
      name: "the deployment rather than its pod",
      alerts: [alert("KubePodNotReady", "cart-pod-1", "not ready")],
      entities: [...SERVICES, entity("cart-pod-1", "Pod"), entity("cart-deployment-1", "Deployment")],
      expected: "cart-deployment-1",
    },
    {
      name: "the machine that others stand on, called after nothing",
      alerts: [alert("KubeNodeNotReady", "worker-2", "node not ready"), alert("KubePodNotReady", "cart-pod-1", "not ready")],
      entities: [...SERVICES, entity("worker-2", "Node"), entity("cart-pod-1", "Pod")],
      expected: "worker-2",
    },
    {
      name: "the rule on who may do what",
      alerts: SUFFERING,
      entities: [...SERVICES, entity("cart-reader", "RoleBinding")],
      expected: "cart-reader",
    },
    {
      name: "the schedule before the experiment that it starts",
      alerts: SUFFERING,
      entities: [...SERVICES, entity("cart-kill", "PodChaos"), entity("nightly", "Schedule")],
      expected: "nightly",
    },
    {
      name: "the silent store, which serves no requests, when nobody broke by himself",
      alerts: [alert("HighLatency", "cart-service-1", "cart is slow"), alert("HighLatency", "front-service-1", "slow")],
      entities: [...SERVICES, entity("items-1", "StatefulSet")],
      expected: "items-1",
    },
    {
      name: "what broke by itself before a silent store",
      alerts: [alert("KubePodCrashLooping", "cart-service-1", "cart crashes"), alert("HighLatency", "front-service-1", "slow")],
      entities: [...SERVICES, entity("items-1", "StatefulSet")],
      expected: "cart-service-1",
    },
  ])("is $name", ({ alerts, entities, expected }) => {
    expect(first(alerts, entities)).toBe(expected);
    expect(first(alerts.toReversed(), entities.toReversed())).toBe(expected);
  });

  it("does not suspect one of many settings", () => {
    const inventory = Array.from({ length: 30 }, (_, index) => entity(`settings-${index}x`, "ConfigMap"));
    expect(first(SUFFERING, [...SERVICES, ...inventory])).toBe("cart-service-1");
  });

  it("knows a kind that it never heard of for no origin of its own accord", () => {
    expect(first(SUFFERING, [...SERVICES, entity("thing", "Widget")])).toBe("cart-service-1");
    expect(first([alert("Down", "thing", "down"), ...SUFFERING], [...SERVICES, entity("thing", "Widget")])).toBe("thing");
  });

  it("takes names for one thing as one, and one raised on something nobody listed", () => {
    const [ranked] = rankEntities({ alerts: [alert("Down", "x-1", "down")], entities: [entity("y-1", "Pod")], aliases: [] });
    expect(ranked?.id).toBe("x-1");
    const joined = rankEntities({ alerts: SUFFERING, entities: SERVICES, aliases: [["cart-service-1", "mail-service-1"]] });
    expect(joined.find(({ names }) => names.includes("cart-service-1"))?.names).toContain("mail-service-1");
  });

  it("says why", () => {
    const [cart] = rankEntities({ alerts: SUFFERING, entities: SERVICES, aliases: [] });
    expect(cart?.for[0]?.what).toBe("named by the alerts of 2 others");
  });
});
