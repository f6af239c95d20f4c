import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gatherEvidence } from "../../src/evidence/gather.js";
import { createRecordedSources } from "../../src/evidence/sources/recordings.js";
import type { Observation } from "../../src/incident/facts.js";
import type { Finding } from "../../src/ports.js";
import { aLog, aMetric } from "../diagnosis/support/observed.js";
import { anAlert, aRequest, aService, NOW, ONSET } from "./support/world.js";

function withoutId({ id: _id, ...finding }: Observation): Finding {
  return finding;
}
const metric = withoutId(aMetric("E1", "error-ratio", "rose", { score: 0.97 }));
const log = withoutId(aLog("E2", "no free connection"));
const recording = {
  version: 1,
  observations: [metric, log],
  coverage: [
    { source: "prometheus", answer: "ok" },
    { source: "loki", answer: "ok" },
    { source: "github", answer: "unavailable", why: { outside: "GitHub answered 502" } },
    { source: "tempo", answer: "empty" },
    { source: "jaeger", answer: "not-configured" },
  ],
};

async function write(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "recording-")), "incident.json");
  await writeFile(path, text);
  return path;
}

describe("a recording", () => {
  it("is told again by the sources that made it, with their coverage", async () => {
    const sources = await createRecordedSources({ path: await write(JSON.stringify(recording)) });
    const windows = { logsMs: 1_800_000, changesMs: 86_400_000 };
    const evidence = await gatherEvidence(
      { service: aService(), alerts: [anAlert()], onset: ONSET, now: NOW, attempt: 1, windows },
      sources,
      {
        sleep: () => Promise.resolve(),
      },
    );
    expect(evidence.coverage).toEqual(recording.coverage.filter(({ answer }) => answer !== "not-configured"));
    expect(evidence.observations).toEqual([
      { id: "E1", ...metric },
      { id: "E2", ...log },
    ]);
  });

  it.each([
    {
      name: "a file that is not there",
      path: () => Promise.resolve("nowhere/else.json"),
      says: /^The recording nowhere\/else\.json cannot be read: check sources\.recordings\.path\.$/,
    },
    { name: "no JSON", path: () => write("{"), says: /incident\.json is not JSON/ },
    {
      name: "another format",
      path: () => write(JSON.stringify({ ...recording, observations: [{ source: "loki" }] })),
      says: /not valid at observations\.0\.subject/,
    },
    {
      name: "an unknown key",
      path: () => write(JSON.stringify({ ...recording, extra: 1 })),
      says: /not valid at .*: Unrecognized key/,
    },
  ])("says what is wrong with $name", async ({ path, says }) => {
    const [source, ...others] = await createRecordedSources({ path: await path() });
    expect([source?.name, others.length]).toEqual(["recordings", 0]);
    await expect(source?.observe(aRequest())).rejects.toThrow(says);
  });
});
