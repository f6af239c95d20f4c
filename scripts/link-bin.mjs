/** Links the package's own command into node_modules/.bin, so that `npx gatehouse` finds it in a fresh clone. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const folder = join("node_modules", ".bin");
const link = join(folder, "gatehouse");
mkdirSync(folder, { recursive: true });
rmSync(link, { force: true });
symlinkSync(join("..", "..", "bin", "gatehouse.js"), link);
