import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMMANDS, INPUTS, OUTPUTS, parseInputs } from "../../src/config/inputs.js";
import { mindKey } from "./samples.js";

const digest = "0123456789abcdef".repeat(4);
const base = { command: "respond", incident: "12", "github-token": "t" };

function refusal(given: Readonly<Record<string, string>>): string {
  const parsed = parseInputs({ ...base, ...given });
  return parsed.ok ? "accepted" : parsed.message;
}

describe("parseInputs", () => {
  it("reads every input", () => {
    const parsed = parseInputs({
      ...base,
      "plan-digest": digest,
      config: "ops/gatehouse.yaml",
      "anthropic-api-key": "k",
      "signing-key": mindKey.private,
      "dry-run": "true",
    });
    expect(parsed).toEqual({
      ok: true,
      inputs: {
        command: "respond",
        incident: 12,
        planDigest: digest,
        githubToken: "t",
        configPath: "ops/gatehouse.yaml",
        anthropicApiKey: "k",
        signingKey: mindKey.private,
        dryRun: true,
      },
    });
  });

  it("gives what is empty its default", () => {
    expect(parseInputs({ command: " sweep ", "github-token": "t", "dry-run": "", config: "" })).toEqual({
      ok: true,
      inputs: {
        command: "sweep",
        incident: null,
        planDigest: null,
        githubToken: "t",
        configPath: ".github/gatehouse.yml",
        anthropicApiKey: null,
        signingKey: null,
        dryRun: false,
      },
    });
  });

  it.each(COMMANDS)("knows the command %s", (command) => {
    expect(parseInputs({ ...base, command, "plan-digest": digest }).ok).toBe(true);
  });

  it.each([
    [
      "no command",
      { command: "" },
      'Input "command" is missing. Write one of open, respond, hand-over, archive, alarm, check, remediate, wake, sweep.',
    ],
    ["a misspelt command", { command: "remedate" }, 'is "remedate", which is no command. Did you mean "remediate"?'],
    ["a command of a later version", { command: "detect" }, 'is "detect", which is not available in this version.'],
    [
      "no incident",
      { incident: "" },
      'Input "incident" is missing. The command respond needs the number of an incident\'s issue.',
    ],
    [
      "an incident that is no number",
      { incident: "#12" },
      'Input "incident" is "#12". Write the number of an incident\'s issue, without #.',
    ],
    ["incident zero", { incident: "0" }, 'Input "incident" is "0".'],
    [
      "no plan to check",
      { command: "check" },
      'Input "plan-digest" is missing. The command check needs the full digest of a plan.',
    ],
    ["a short digest", { "plan-digest": "01234567" }, "Write the plan's full SHA-256, 64 characters of 0-9 and a-f."],
    ["a digest in capitals", { "plan-digest": digest.toUpperCase() }, "Write the plan's full SHA-256"],
    ["no token", { "github-token": "" }, 'Input "github-token" is missing. Leave it out to use the job\'s own token.'],
    [
      "a config elsewhere",
      { config: "/etc/gatehouse.yml" },
      'Input "config" is "/etc/gatehouse.yml". Write the path of a .yml file inside the repository.',
    ],
    ["a config above", { config: "a/../../b.yml" }, 'Input "config" is "a/../../b.yml".'],
    ["a config that is no YAML", { config: "gatehouse.json" }, 'Input "config" is "gatehouse.json".'],
    ["a flag in words", { "dry-run": "yes" }, 'Input "dry-run" is "yes". Write true or false.'],
    [
      "a model's key for the hands",
      { command: "remediate", "plan-digest": digest, "anthropic-api-key": "k" },
      'Input "anthropic-api-key" is only for respond: the command remediate must not hold it.',
    ],
    [
      "a signing key for a job that signs nothing",
      { command: "archive", "signing-key": mindKey.private },
      'Input "signing-key" is only for respond and remediate',
    ],
    [
      "a public key to sign with",
      { "signing-key": mindKey.public },
      'Input "signing-key" is not a key that can sign (value not shown).',
    ],
  ])("refuses %s", (_, given, expected) => {
    expect(refusal(given)).toContain(expected);
  });

  it("says everything that is wrong in one message, in the order of action.yml", () => {
    const message = refusal({ command: "chek", incident: "x", "dry-run": "no", "signing-key": "hunter2" });
    expect(message.split("\n").map((line) => /"([\w-]+)"/.exec(line)?.[1])).toEqual([
      "command",
      "incident",
      "signing-key",
      "dry-run",
    ]);
    expect(message).not.toContain("hunter2");
  });
});

describe("action.yml", () => {
  const action = parse(readFileSync(new URL("../../action.yml", import.meta.url), "utf8")) as {
    inputs: Record<string, { description: string; required: boolean; default?: string }>;
    outputs: Record<string, { description: string }>;
    runs: Record<string, string>;
  };

  it("has the inputs that are parsed, with the same defaults", () => {
    const declared = Object.entries(action.inputs).map(([name, input]) => ({
      name,
      required: input.required,
      fallback: input.default ?? "",
    }));
    expect(declared).toEqual(INPUTS);
  });

  it("names every command", () => {
    for (const command of COMMANDS) expect(action.inputs["command"]?.description).toContain(command);
  });

  it("has the outputs that are written, all described", () => {
    expect(Object.keys(action.outputs)).toEqual(OUTPUTS);
    expect(Object.values(action.outputs).every(({ description }) => description.length > 10)).toBe(true);
  });

  it("runs the committed bundle on Node 24", () => {
    expect(action.runs).toEqual({ using: "node24", main: "dist/index.js" });
  });
});
