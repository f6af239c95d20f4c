import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Script {
  readonly file: string;
  readonly args: readonly string[];
}

/** GitHub's command lines; `{0}` is the script. Without `shell:` a failing pipe does not fail the step, with `bash` it does. */
const shells: Readonly<Record<string, string>> = {
  "": "bash -e {0}",
  bash: "bash --noprofile --norc -eo pipefail {0}",
  sh: "sh -e {0}",
  python: "python3 {0}",
};

/** Writes a `run:` script and says how to start it. @throws when the shell is neither known nor a template with `{0}` */
export function prepareScript(temp: string, id: number, shell: string, text: string): Script {
  const template = shells[shell] ?? shell;
  if (!template.includes("{0}"))
    throw new Error(`shell "${shell}" is not known to the lab's runner; use bash, sh, python or a template with {0}`);
  const path = join(temp, `script_${id}.sh`);
  writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o755 });
  const [file = "", ...args] = template.split(/\s+/).map((word) => word.replaceAll("{0}", path));
  return { file, args };
}
