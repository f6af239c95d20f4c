import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package, found from sources as well as from `lib/`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder))
      throw new Error("No package.json above the lab; it must run inside an installation of gatehouse.");
    folder = dirname(folder);
  }
  return folder;
}
