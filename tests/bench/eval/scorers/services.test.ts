import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scorer as online } from "../../../../bench/eval/scorers/rca-nezha-ob.js";
import { scorer as tickets } from "../../../../bench/eval/scorers/rca-nezha-tt.js";
import { scorer as petshop } from "../../../../bench/eval/scorers/rca-petshop.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gatehouse-eval-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}
const score = (scorer: typeof petshop, renameSeed: number | null = null) => scorer.score({ folder, data: folder, renameSeed });
const table = (header: string, rows: readonly (readonly (number | string)[])[]): string =>
  [header, ...rows.map((row) => row.join(","))].join("\n");

const SEEDS = [null, 1, 2];

describe("the PetShop scorer", () => {
  beforeEach(async () => {
    const header =
      "time,door|latency|Average,bird_AWS::ECS|latency|Average,nest_AWS::Table|latency|Average,nest_AWS::Table|requests|Sum";
    const normal = Array.from({ length: 40 }, (_, row) => [9e8 + row * 300, 0.3, 0.2, row % 2 === 0 ? 0.1 : 0.101, 50]);
    const issue = Array.from({ length: 4 }, (_, row) => [1e9 + row * 300, 1.3, 1.2, 1.1, 50]);
    await put("normal.csv", table(header, normal));
    await put("issues/one.csv", table(header, issue));
    await put(
      "graph.json",
      JSON.stringify({ door: ["bird_AWS::ECS"], "bird_AWS::ECS": ["nest_AWS::Table"], "nest_AWS::Table": [] }),
    );
    const target = { node: "door", metric: "latency", agg: "Average", timestamp: 1e9 };
    await put("truth.json", JSON.stringify({ one: { target, root_cause: "nest_AWS::Table" } }));
  });

  it.each(SEEDS)("finds the service below those it slows down, whatever it is called (seed %s)", async (seed) => {
    const { figures, cases } = await score(petshop, seed);
    expect(figures).toMatchObject({ top1: 1, top3: 1, latency: { top1: 1 }, availability: { top1: null } });
    expect(cases[0]).toMatchObject({ id: "one", right: true });
  });
});

describe("the Online Boutique scorer", () => {
  beforeEach(async () => {
    const times = Array.from({ length: 40 }, (_, row) => 1e9 + row * 60);
    const faulty = (row: number): boolean => row >= 36;
    const pod = (cpu: (row: number) => number): string =>
      table(
        "time,CpuUsageRate(%),PodWorkload(Ops)",
        times.map((at, row) => [at, cpu(row), 5]),
      );
    await put(
      "metrics/frontend.csv",
      pod((row) => 20 + (row % 3)),
    );
    await put(
      "metrics/cart.csv",
      pod((row) => (faulty(row) ? 95 : 6 + (row % 3))),
    );
    await put(
      "metrics/_front_service.csv",
      table(
        "time,SuccessRate(%),LatencyP50(s)",
        times.map((at, row) => [at, 100, faulty(row) ? 0.6 : 0.2]),
      ),
    );
    const pair = table(
      "time,frontend_cart",
      times.map((at, row) => [at, faulty(row) ? 0.41 : 0.01]),
    );
    await put("metrics/_source_50.csv", pair);
    await put("metrics/_destination_50.csv", pair);
    await put("metrics/_dependency.csv", "Source,Target,Weight\nfrontend,cart,1\ncart,10.0.0.1,1");
    await put("faults.json", JSON.stringify([{ time: 1e9 + 36 * 60, service: "cart", type: "cpu_contention" }]));
  });

  it.each(SEEDS)("finds the service that fills its machine and slows its caller (seed %s)", async (seed) => {
    expect((await score(online, seed)).figures).toEqual({ as1: 1, as3: 1, as5: 1 });
  });
});

describe("the Train Ticket scorer", () => {
  beforeEach(async () => {
    const spans = (waited: number): Buffer => {
      const rows = Array.from({ length: 6 }, (_, index) => {
        const [start, end] = [index * 1e9, index * 1e9 + (10 + waited) * 1e6];
        return [
          `t${index}\ta\troot\tdoor-1a-2b\tGET /\t${start}\t${end}\t0`,
          `t${index}\tb\ta\tdoor-1a-2b\tHTTP\t${start}\t${end}\t0`,
          `t${index}\tc\tb\tseat-1a-2b\tseat\t${start}\t${start + 5e6}\t0`,
        ];
      });
      return gzipSync(["TraceID\tSpanID\tParentID\tPodName\tOperationName\tS\tE\tD", ...rows.flat()].join("\n"));
    };
    const lines = (text: string): Buffer =>
      gzipSync(`time\tpod\ttrace\tspan\tmessage\n2024-01-01T00:00:00Z\tdoor-1a-2b\tt\ts\t${text}`);
    await put("day/normal.trace.tsv.gz", spans(1));
    await put("day/0900.trace.tsv.gz", spans(2_000));
    await put("day/normal.log.tsv.gz", lines("INFO all is well"));
    await put("day/0900.log.tsv.gz", lines("INFO all is well"));
    for (const service of ["door", "seat"]) await put(`day/metrics/${service}.csv`, table("time,CpuUsageRate(%)", [[1e9, 5]]));
    await put("faults.json", JSON.stringify([{ case: "day/0900", time: 1e9, service: "seat", type: "network_delay" }]));
  });

  it.each(SEEDS)("finds the service that calls take long to reach (seed %s)", async (seed) => {
    const { figures, cases } = await score(tickets, seed);
    expect(figures).toEqual({ as1: 1, as3: 1, as5: 1 });
    expect(cases[0]?.answer).toMatch(/the way of calls to it became slower/);
  });
});
