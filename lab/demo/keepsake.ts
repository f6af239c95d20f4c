import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Lab } from "../lab.js";
import { visit } from "./visitor.js";

const run = promisify(execFile);

export interface Keepsake {
  readonly issue: string;
  readonly clone: string;
}

/** Leaves what the demo made in a folder: the issue with its comments, and a clone of the repository with the post-mortem. */
export async function keepResults(lab: Lab, folder: string): Promise<Keepsake> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const clone = join(folder, "shop");
  const url = new URL(lab.address.git_url);
  url.username = "x-access-token";
  url.password = lab.address.tokens.admin;
  await run("git", ["clone", "--quiet", url.href, clone]);
  await run("git", ["-C", clone, "remote", "set-url", "origin", lab.address.git_url]);
  const issue = join(folder, "issue-1.md");
  await writeFile(issue, await readThread(lab));
  return { issue, clone };
}

async function readThread(lab: Lab): Promise<string> {
  const visitor = visit(lab.address, "admin");
  const issue = await visitor.issue(1);
  const comments = await visitor.comments(1);
  const parts = comments.map(({ author, body }) => `---\n\n**${author}** wrote:\n\n${body}`);
  return [`# ${issue?.title ?? ""}`, issue?.body ?? "", ...parts].join("\n\n");
}
