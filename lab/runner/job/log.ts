import type { LabJob } from "../../model.js";
import type { Mask } from "./mask.js";

/** Appends masked lines to a job's log. */
export class JobLog {
  constructor(
    readonly job: LabJob,
    readonly mask: Mask,
  ) {}

  line(text: string): void {
    this.job.log += `${this.mask.apply(text)}\n`;
  }

  group(title: string, lines: readonly string[]): void {
    this.line(`##[group]${title}`);
    for (const line of lines) this.line(line);
    this.line("##[endgroup]");
  }

  warning(text: string): void {
    this.line(`##[warning]${text}`);
  }

  error(text: string): void {
    this.line(`##[error]${text}`);
  }
}
