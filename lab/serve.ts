import { once } from "node:events";
import { type LabOptions, startLab } from "./lab.js";

export interface ServeOptions extends LabOptions {
  /** One JSON line instead of words. */
  readonly json?: boolean;
}

/** Runs the lab until SIGTERM or SIGINT; prints where it is to standard output. Everything it started has ended when this resolves. */
export async function serveLab({ json = false, ...options }: ServeOptions): Promise<void> {
  const stopped = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  const lab = await startLab(options);
  try {
    const { tokens, ...address } = lab.address;
    if (json) process.stdout.write(`${JSON.stringify(lab.address)}\n`);
    else process.stdout.write(`${describe({ ...address, ...tokens })}\nThe lab runs until you press Ctrl-C.\n`);
    await stopped;
  } finally {
    await lab.close();
  }
}

function describe(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name.padEnd(12)} ${value}`)
    .join("\n");
}
