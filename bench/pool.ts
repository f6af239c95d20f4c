import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { releaseFiles, releases } from "../lab/world/history.js";
import { writeRelease } from "../lab/world/releases.js";
import { type Shop, startShop, type Tally } from "../lab/world/shop.js";

export interface PoolFigure {
  readonly poolSize: number;
  readonly orders: number; // answered while measured
  readonly failed: number;
  readonly errorRate: number; // 0 to 1
}

/**
 * Error rate of the shop at each pool size, under one and the same load: the same release, only its `config/pool.json` differs.
 * @param seconds - how long each size is measured, after one second to settle
 */
export async function measurePools(poolSizes: readonly number[], seconds = 4): Promise<readonly PoolFigure[]> {
  const folder = await mkdtemp(join(tmpdir(), "gatehouse-pool-"));
  const tallies: Tally[] = [];
  const shop = await startShop({ onLogLine: () => undefined, onTally: (tally) => tallies.push(tally) });
  try {
    const figures: PoolFigure[] = [];
    for (const poolSize of poolSizes) {
      await deployPool(shop, join(folder, String(poolSize)), poolSize);
      await sleep(1_000);
      tallies.length = 0;
      await sleep(seconds * 1_000);
      figures.push(summarize(poolSize, tallies));
    }
    return figures;
  } finally {
    await shop.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function deployPool(shop: Shop, folder: string, poolSize: number): Promise<void> {
  await writeRelease(releaseFiles(releases.good, poolSize), folder);
  await shop.switchTo(`pool of ${poolSize}`, folder);
}

function summarize(poolSize: number, tallies: readonly Tally[]): PoolFigure {
  const orders = tallies.reduce((total, { answered }) => total + answered, 0);
  const failed = tallies.reduce((total, tally) => total + tally.failed, 0);
  return { poolSize, orders, failed, errorRate: orders === 0 ? Number.NaN : failed / orders };
}

/** The figures as lines of a table for the terminal. */
export function formatPools(figures: readonly PoolFigure[]): string {
  const rows = figures.map(({ poolSize, orders, failed, errorRate }) => [
    String(poolSize),
    String(orders),
    String(failed),
    `${(errorRate * 100).toFixed(1)} %`,
  ]);
  const table = [["pool size", "orders", "failed", "error rate"], ...rows];
  return table.map((row) => row.map((cell) => cell.padStart(11)).join("")).join("\n");
}
