import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { worldFolder } from "../../../lab/world/files.js";
import { startProcess, waitForPort } from "../../../lab/world/processes.js";
import { eventually, isRunning, temporaryFolder } from "./support.js";
import { writeFile } from "node:fs/promises";

const processes = join(worldFolder(), "processes");

it("takes every process along when the lab itself is killed", async () => {
  const lab = `
    import { spawn } from "node:child_process";
    const child = spawn(process.execPath, ["--import", ${JSON.stringify(join(processes, "tether.mjs"))}, ${JSON.stringify(join(processes, "payments-db.mjs"))}],
      { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    child.once("message", () => console.log(child.pid));`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", lab], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed] = (await once(parent.stdout, "data")) as [Buffer];
  const child = Number(printed.toString());
  expect(isRunning(child)).toBe(true);

  parent.kill("SIGKILL");
  await eventually("the child ended", () => !isRunning(child), 3_000);
});

it("says which process ended before it was up", async () => {
  const script = join(temporaryFolder(), "broken.mjs");
  await writeFile(script, "process.exit(3);");
  await expect(waitForPort(startProcess({ script, cwd: processes }), "Release v9.9.9")).rejects.toThrow(
    "Release v9.9.9 ended (code 3)",
  );
});

it("kills a process that does not obey within its grace", async () => {
  const script = join(temporaryFolder(), "stubborn.mjs");
  await writeFile(script, `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); process.send({ port: 1 });`);
  const stubborn = startProcess({ script, cwd: processes });
  await waitForPort(stubborn, "stubborn");
  await stubborn.stop(100);
  expect(stubborn.child.signalCode).toBe("SIGKILL");
});
