/** Prometheus' own programs, where they are installed; tests that need them say so and are skipped elsewhere. */
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export const hasPromtool = isInstalled("promtool");
export const hasPrometheus = isInstalled("prometheus") && hasPromtool;
export const NEEDS_PROMETHEUS = "needs the programs prometheus and promtool on the path (Debian: apt-get install prometheus)";

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** @returns what it says, whether it is content or not */
export async function promtool(...args: readonly string[]): Promise<{ readonly ok: boolean; readonly output: string }> {
  try {
    const { stdout, stderr } = await run("promtool", args, { maxBuffer: 64 * 2 ** 20 });
    return { ok: true, output: stdout + stderr };
  } catch (error) {
    if (error instanceof Error && "stderr" in error && "stdout" in error)
      return { ok: false, output: `${String(error.stdout)}${String(error.stderr)}` };
    throw error;
  }
}
