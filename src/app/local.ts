/** Files that a command of the terminal is given, instead of what GitHub holds. */
import { readdir, readFile } from "node:fs/promises";
import { posix, resolve } from "node:path";
import type { Config } from "../config/config.js";
import { parseConfig } from "../config/parse.js";
import { sha256 } from "../plan/canonical.js";
import type { TrustedFile } from "../ports.js";
import { ConfigurationError } from "./app.js";

/** @throws {ConfigurationError} when there is no such file, or it cannot be read */
export async function readLocal(path: string): Promise<TrustedFile> {
  const text = await readFile(path, "utf8").catch((error: unknown) => refuse(path, error));
  return { path, text, sha: sha256(text).slice(0, 40) };
}

/** @throws {ConfigurationError} with every problem of the file */
export async function readLocalConfig(path: string): Promise<Config> {
  const parsed = parseConfig(await readLocal(path));
  if (!parsed.ok) throw new ConfigurationError(parsed.message);
  return parsed.config;
}

/**
 * The files of a folder that an incident would use: markdown directly in it, without its README, by name.
 * @throws {ConfigurationError} when there is no such folder
 */
export async function readLocalRunbooks(folder: string): Promise<readonly TrustedFile[]> {
  const names = await readdir(folder).catch((error: unknown) => refuse(folder, error));
  const runbooks = names.filter((name) => name.endsWith(".md") && name !== "README.md").toSorted();
  return Promise.all(runbooks.map((name) => readLocal(posix.join(folder, name))));
}

function refuse(path: string, error: unknown): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const message =
    code === "ENOENT"
      ? `There is no ${resolve(path)}. Name another path, or run this in the root of the repository.`
      : `${path} cannot be read (${code}). Name another one.`;
  throw new ConfigurationError(message);
}
