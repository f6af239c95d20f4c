export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly import: string;
  readonly rule: string;
}
export interface Import {
  readonly name: string;
  readonly line: number;
  readonly typeOnly: boolean;
  readonly target: string | null;
}
export function findViolations(sources: Readonly<Record<string, string>>): Violation[];
export function readImports(file: string, text: string): Import[];
export function readSources(root: string, folders: readonly string[]): Record<string, string>;
export function describeViolation(violation: Violation): string;
