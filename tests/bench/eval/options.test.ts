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
    });
    const some = await readOptions(["--data", data, "--only", "secrets, anomaly", "--json", "--cases", "--renamed"], scorers);
    expect(some.chosen.map(({ name }) => name).toSorted()).toEqual(["anomaly", "secrets"]);
    expect(some).toMatchObject({ json: true, cases: true, renamed: true });
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
    { name: "an unknown option", args: ["--data", data, "--fast"], message: /--fast[\s\S]*npm run eval/ },
  ])("is refused in one message for $name", async ({ args, message }) => {
    await expect(readOptions(args, scorers)).rejects.toThrow(message);
  });
});
