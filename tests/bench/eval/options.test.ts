import { describe, expect, it } from "vitest";
import { readOptions } from "../../../bench/eval/options.js";
import { scorers } from "../../../bench/eval/scorers/index.js";

const data = import.meta.dirname;

describe("what was asked for", () => {
  it("is every scorer on a folder, unless some are named", async () => {
    expect(await readOptions(["--data", data], scorers)).toEqual({
      data,
      chosen: scorers,
      json: false,
      cases: false,
      renamed: false,
      compare: null,
      analyst: "runbooks",
      limit: null,
    });
    const some = await readOptions(["--data", data, "--only", "secrets, anomaly", "--json", "--cases", "--renamed"], scorers);
    expect(some.chosen.map(({ name }) => name).toSorted()).toEqual(["anomaly", "secrets"]);
    expect(some).toMatchObject({ json: true, cases: true, renamed: true });
    const compared = await readOptions(["--data", data, "--only", "anomaly", "--compare", "main"], scorers);
    expect(compared).toMatchObject({ compare: "main" });
    const asked = await readOptions(["--data", data, "--only", "cluster-cases", "--analyst", "claude", "--limit", "5"], scorers);
    expect(asked).toMatchObject({ analyst: "claude", limit: 5 });
  });

  it.each([
    { name: "no folder named", args: [], message: /^Say where the recorded cases are\.\n {2}npm run eval/ },
    {
      name: "a folder that is not there",
      args: ["--data", "/nowhere/at/all"],
      message: /^There is no folder \/nowhere\/at\/all\. --data names .*log-templates/,
    },
    {
      name: "a scorer that is not there",
      args: ["--data", data, "--only", "secret"],
      message: /^There is no scorer secret\. --only takes: .*secrets/,
    },
    {
      name: "an analyst that is not there",
      args: ["--data", data, "--only", "cluster-cases", "--analyst", "gpt"],
      message: /^There is no analyst gpt\. --analyst takes: runbooks, claude\.$/,
    },
    {
      name: "an analyst for scorers that take none",
      args: ["--data", data, "--analyst", "claude"],
      message: /heeded by cluster-cases alone: add --only cluster-cases\.$/,
    },
    {
      name: "a limit for scorers that take none",
      args: ["--data", data, "--only", "secrets", "--limit", "3"],
      message: /heeded by cluster-cases alone/,
    },
    ...["0", "-1", "many"].map((limit) => ({
      name: `a limit of ${limit}`,
      args: ["--data", data, "--only", "cluster-cases", `--limit=${limit}`],
      message: /^--limit takes a number of cases, at least 1, not /,
    })),
    {
      name: "a comparison of part of an evaluation",
      args: ["--data", data, "--only", "cluster-cases", "--limit", "3", "--compare", "main"],
      message: /^--compare runs whole evaluations offline/,
    },
    { name: "an unknown option", args: ["--data", data, "--fast"], message: /--fast[\s\S]*npm run eval/ },
  ])("is refused in one message for $name", async ({ args, message }) => {
    await expect(readOptions(args, scorers)).rejects.toThrow(message);
  });
});
