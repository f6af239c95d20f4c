import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./root.js";
import { gatehouseConfig, type GatehouseConfigOptions } from "./world/config.js";

/** The workflows that Gatehouse puts into a repository. */
const workflows = ["incident.yml", "remediate.yml", "sweep.yml"];

/** What `Set up Gatehouse` commits to the demo's repository: workflows, runbooks and the config, by path. */
export function setupFiles(config: GatehouseConfigOptions, root: string = packageRoot()): Record<string, string> {
  return { ...readWorkflows(root), ...readRunbooks(root), ".github/gatehouse.yml": gatehouseConfig(config) };
}

function readWorkflows(root: string): Record<string, string> {
  const paths = workflows.map((name) => join(".github", "workflows", name));
  const missing = paths.filter((path) => !existsSync(join(root, path)));
  if (missing.length > 0) throw new Error(`${missing.join(", ")} missing in ${root}; the lab runs the product's own workflows.`);
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

function readRunbooks(root: string): Record<string, string> {
  const folder = join(root, "runbooks");
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const inside = (entry: (typeof files)[number]): string => join(entry.parentPath, entry.name).slice(root.length + 1);
  return Object.fromEntries(files.map((entry) => [inside(entry), readFileSync(join(root, inside(entry)), "utf8")]));
}
