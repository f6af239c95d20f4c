import { styleText } from "node:util";

/** The live account on the terminal: seconds since the start, then what happened. */
export interface Account {
  /** Something happened. */
  tell(text: string): void;
  /** More about what was just told. */
  add(text: string): void;
  /** A heading or an empty line. */
  plain(text: string): void;
}

export function openAccount(startedAt: number, write: (line: string) => void): Account {
  return {
    tell: (text) => write(`${styleText("dim", seconds(startedAt))}  ${text}`),
    add: (text) => write(`${" ".repeat(7)}  ${styleText("dim", text)}`),
    plain: (text) => write(text),
  };
}

/** `--json` prints nothing but the result. */
export const silent: Account = { tell: ignore, add: ignore, plain: ignore };

function ignore(): void {
  // nobody listens
}

function seconds(startedAt: number): string {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`.padStart(7);
}
