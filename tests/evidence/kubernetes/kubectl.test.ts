import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkArguments, createKubectl, MAX_OUTPUT, type RunKubectl } from "../../../src/evidence/sources/kubernetes/kubectl.js";

function ranWith(answer: { stdout?: string; stderr?: string; exitCode?: number } = {}) {
  const ran: (readonly string[])[] = [];
  const run: RunKubectl = (args) => {
    ran.push(args);
    return Promise.resolve({ stdout: "", stderr: "", exitCode: 0, ...answer });
  };
  const kubectl = createKubectl({ run, namespace: "shop", context: "prod", signal: AbortSignal.timeout(1_000) });
  return { ran, kubectl };
}

describe("what kubectl is asked", () => {
  it.each([
    ["get", "pods", "-o", "wide"],
    ["describe", "pods", "orders-1"],
    ["logs", "orders-1", "--previous", "--tail", "300"],
    ["rollout", "history", "deployment/orders"],
    ["top", "pods", "--containers"],
    ["get", "pods", "-l", "app=orders,tier=web"],
    ["get", "secrets"],
  ])("may be %s %s %s %s", (...args) => expect(() => checkArguments(args)).not.toThrow());

  it.each([
    { args: ["delete", "pods", "orders-1"], why: "not a verb that reads" },
    { args: ["apply", "-f", "x"], why: "not a verb that reads" },
    { args: ["rollout", "undo", "deployment/orders"], why: "not a verb that reads" },
    { args: ["exec", "orders-1"], why: "not a verb that reads" },
    { args: ["get", "secrets", "-o", "yaml"], why: "values of secrets" },
    { args: ["get", "secret", "token", "-o", "json"], why: "values of secrets" },
    { args: ["describe", "secret", "token"], why: "values of secrets" },
    { args: ["get", "pods", "--kubeconfig=/tmp/x"], why: "not an argument" },
    { args: ["get", "pods; rm"], why: "not an argument" },
    { args: ["describe", "pods", "$(id)"], why: "not an argument" },
    { args: [], why: "not a verb that reads" },
  ])("may not be $args", ({ args, why }) => expect(() => checkArguments(args)).toThrow(why));

  it("is never a verb that changes something", () => {
    const verbs = [
      "create",
      "delete",
      "edit",
      "patch",
      "replace",
      "scale",
      "set",
      "run",
      "cordon",
      "drain",
      "cp",
      "proxy",
      "auth",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...verbs), fc.array(fc.string(), { maxLength: 4 }), (verb, rest) => {
        expect(() => checkArguments([verb, ...rest])).toThrow("not a verb that reads");
      }),
    );
  });

  it("stays in the namespace and the context of the service", async () => {
    const { ran, kubectl } = ranWith();
    await kubectl.ask(["get", "pods"]);
    await kubectl.ask(["get", "pods", "-n", "kube-system"]);
    expect(ran).toEqual([
      ["get", "pods", "-n", "shop", "--context", "prod"],
      ["get", "pods", "-n", "kube-system", "--context", "prod"],
    ]);
  });

  it("is cut when it says too much, and says so", async () => {
    const { kubectl } = ranWith({ stdout: "x".repeat(MAX_OUTPUT + 1) });
    const answer = await kubectl.ask(["get", "pods"]);
    expect(answer).toMatchObject({ ok: true, isCut: true });
    expect(answer.ok && answer.text.length).toBe(MAX_OUTPUT);
  });

  it("answers a refusal with its first line", async () => {
    const { kubectl } = ranWith({ exitCode: 1, stderr: "Error from server (Forbidden): nodes is forbidden\nmore" });
    expect(await kubectl.ask(["get", "nodes"])).toEqual({ ok: false, why: "Error from server (Forbidden): nodes is forbidden" });
  });
});
