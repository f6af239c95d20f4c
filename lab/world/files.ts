import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder `lab/world` of the sources. Child processes, the repository's content and the alerts are plain files which
 * are not compiled, so the compiled lab in `lib/` reads them from there too.
 */
export function worldFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, "lab", "world", "processes");
    if (existsSync(candidate)) return dirname(candidate);
    if (folder === dirname(folder))
      throw new Error("The lab's files (lab/world) are missing from this installation of gatehouse.");
  }
}
