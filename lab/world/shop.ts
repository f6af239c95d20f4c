import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { worldFolder } from "./files.js";
import { startProcess, waitForPort, type WorldProcess } from "./processes.js";

const LoadReport = z.object({ answered: z.number().int(), failed: z.number().int() });

/** What the shop's customers met. */
export interface Tally {
  readonly answered: number;
  readonly failed: number;
}

export interface Shop {
  readonly frontDoorUrl: string;
  /**
   * Starts the release that lies unpacked in `folder`, checks its health, sends the traffic to it and stops the old one.
   * @throws when the new one does not come up healthy; the old one then stays live
   */
  switchTo(version: string, folder: string): Promise<void>;
  /** The release that is live; null before the first. */
  live(): string | null;
  stop(): Promise<void>;
}

interface ShopOptions {
  readonly onLogLine: (line: string) => void;
  readonly onTally: (tally: Tally) => void;
}

/** Starts database, front door and customers. The customers come with the first release. */
export async function startShop({ onLogLine, onTally }: ShopOptions): Promise<Shop> {
  const folder = join(worldFolder(), "processes");
  const startOwn = (name: string, env: Record<string, string> = {}): WorldProcess =>
    startProcess({ script: join(folder, `${name}.mjs`), cwd: folder, env });

  const database = startOwn("payments-db");
  const frontDoor = startOwn("front-door");
  let customers: WorldProcess | null = null;
  let live: { version: string; process: WorldProcess } | null = null;
  let retiring: Promise<void> = Promise.resolve();
  const stop = async (): Promise<void> => {
    await customers?.stop();
    await Promise.all([live?.process.stop(), retiring]);
    await Promise.all([frontDoor.stop(), database.stop()]);
  };

  try {
    const databaseAddress = `127.0.0.1:${await waitForPort(database, "payments-db")}`;
    const frontDoorUrl = `http://127.0.0.1:${await waitForPort(frontDoor, "front-door")}`;

    const switchTo = async (version: string, cwd: string): Promise<void> => {
      await retiring;
      const next = await startRelease(version, cwd, databaseAddress, onLogLine);
      const switched = once(frontDoor.child, "message");
      frontDoor.child.send({ upstream: next.port });
      await switched;
      const old = live;
      live = { version, process: next.process };
      customers ??= startCustomers(startOwn("load", { SHOP_URL: frontDoorUrl }), onTally);
      retiring = old ? old.process.stop(2_500) : retiring;
    };
    return { frontDoorUrl, switchTo, live: () => live?.version ?? null, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startCustomers(customers: WorldProcess, onTally: (tally: Tally) => void): WorldProcess {
  customers.child.on("message", (message) => onTally(LoadReport.parse(message)));
  return customers;
}

async function startRelease(
  version: string,
  cwd: string,
  databaseAddress: string,
  onLogLine: (line: string) => void,
): Promise<{ process: WorldProcess; port: number }> {
  const script = join(cwd, "service", "server.mjs");
  const started = startProcess({ script, cwd, env: { PORT: "0", DATABASE_ADDRESS: databaseAddress } });
  if (started.child.stdout) createInterface({ input: started.child.stdout }).on("line", onLogLine);
  try {
    const port = await waitForPort(started, `Release ${version}`);
    const health = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(5_000) });
    if (!health.ok) throw new Error(`Release ${version} is not healthy: GET /healthz answered ${health.status}.`);
    return { process: started, port };
  } catch (error) {
    await started.stop();
    throw error;
  }
}
