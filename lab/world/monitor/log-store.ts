export interface LogEntry {
  readonly atNs: bigint; // ns since the epoch, lab clock; strictly rising
  readonly line: string;
}

/** The last lines of the service's log, stamped when they were read, as a log collector does. */
export class LogStore {
  readonly #entries: LogEntry[] = [];
  static readonly maxLines = 50_000;

  add(at: Date, line: string): void {
    const last = this.#entries.at(-1)?.atNs ?? 0n;
    const atNs = BigInt(at.getTime()) * 1_000_000n;
    this.#entries.push({ atNs: atNs > last ? atNs : last + 1n, line });
    if (this.#entries.length > LogStore.maxLines * 1.1) this.#entries.splice(0, this.#entries.length - LogStore.maxLines);
  }

  /** Lines in [from, to) that contain `text`, oldest first. */
  find(text: string, from: bigint, to: bigint): readonly LogEntry[] {
    return this.#entries.filter(({ atNs, line }) => atNs >= from && atNs < to && line.includes(text));
  }
}
