import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scorers } from "../../../bench/eval/scorers/index.js";
import { scorer as anomaly } from "../../../bench/eval/scorers/anomaly.js";
import { compareGroups, scorer as logTemplates } from "../../../bench/eval/scorers/log-templates.js";
import { scorer as secrets } from "../../../bench/eval/scorers/secrets.js";

let data = "";
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "gatehouse-scorers-"));
});
afterEach(() => rm(data, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(data, path, ".."), { recursive: true });
  await writeFile(join(data, path), text);
}
const request = (name: string) => ({ folder: join(data, name), data, renameSeed: null });

describe("grouping figures", () => {
  it.each([
    { name: "all right, whatever the groups are called", predicted: "xxy", actual: "aab", ga: 1, fga: 1 },
    { name: "one group split", predicted: "xyz", actual: "aab", ga: 1 / 3, fga: 0.4 },
    { name: "two groups in one", predicted: "xxxy", actual: "aabc", ga: 0.25, fga: 0.4 },
    { name: "nothing to group", predicted: "", actual: "", ga: 1, fga: 1 },
  ])("$name", ({ predicted, actual, ga, fga }) => {
    const figures = compareGroups(Array.from(predicted), Array.from(actual));
    expect(figures.ga).toBeCloseTo(ga, 9);
    expect(figures.fga).toBeCloseTo(fga, 9);
  });
});

it("names every scorer once", () => {
  expect(new Set(scorers.map(({ name }) => name)).size).toBe(scorers.length);
});

it("log-templates groups the lines of each system by its corrected labels", async () => {
  const lines = [1, 2, 3].map((id) => `E1\tT1\tuser ${id}\tcame`).concat("E2\tT2\tdisk full");
  await write("log-templates/shop.tsv", `original_event\tcorrected_event\tcontent\n${lines.join("\n")}\n`);
  await write("log-templates/shop.templates.tsv", "T1\tuser <*> came\n");
  const { figures, cases } = await logTemplates.score(request("log-templates"));
  expect(figures).toMatchObject({ ga: 1, fga: 1, lines_per_template: 2 });
  expect(cases).toMatchObject([{ id: "shop", expected: "2 templates" }]);
});

it("anomaly reads series and windows, and counts what was found", async () => {
  const values = Array.from({ length: 1_000 }, (_, index) => (index >= 700 && index < 720 ? 500 : 10 + (index % 7)));
  const rows = values.map((value, index) => `${1_000_000 + index * 300},${value}`);
  await write("anomaly/kind/a.csv", `time,value\n${rows.join("\n")}\n`);
  const at = (row: number): number => 1_000_000 + row * 300;
  await write("anomaly/windows.json", JSON.stringify({ "kind/a.csv": [[at(700), at(740)]] }));
  const { figures } = await anomaly.score(request("anomaly"));
  expect(figures).toMatchObject({ windows: 1, windows_missed: 0, false_alarms: 0 });
  expect(figures["standard"]).toBeCloseTo(100, 6);
});

it("secrets tells recall without identifiers, and how many ordinary lines change", async () => {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const positive = (id: string, categories: string[], text: string, secret: string): string =>
    JSON.stringify({ id, rule: "r", categories, text_b64: base64(text), secrets_b64: [base64(secret)] });
  const positives = [
    positive("1", ["secret"], "password=hunter2x", "hunter2x"),
    positive("2", ["secret"], "nothing tells zebra", "zebra"),
    positive("3", ["identifier"], "client 12", "12"),
  ];
  await write("secrets/positives.jsonl", positives.join("\n"));
  await write("secrets/negatives.jsonl", JSON.stringify({ id: "n", text_b64: base64("plain") }));
  await write("log-templates/a.tsv", "h\th\th\nE\tT\tplain line\nE\tT\tmail to ada@shop.example\n");
  const { figures, cases } = await secrets.score(request("secrets"));
  expect(figures).toEqual({ recall: 0.5, lines_changed: 0.5, identifiers_hidden: 0, negatives_changed: 0 });
  expect(cases.filter(({ right }) => right === false).map(({ id }) => id)).toEqual(["2 (r)", "3 (r)", "log line"]);
});
