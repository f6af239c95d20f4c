import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { type Commit, type Files, shopHistory } from "./history.js";

export interface SeededRepository {
  readonly head: string; // SHA of the head of `main`
  readonly tags: Readonly<Record<string, string>>; // tag → SHA of its commit
}

interface SeedOptions {
  readonly now: Date; // of the lab's clock; the history's dates count back from it
  readonly setup?: Files; // Gatehouse's own files, added by the second commit
}

/**
 * Writes the shop's history into the git repository in `dir`: branch `main` and the tags of the releases.
 * A bare repository is made there when there is none yet; an existing one may be bare or not, and must have no `main`.
 */
export async function seedRepository(dir: string, { now, setup }: SeedOptions): Promise<SeededRepository> {
  await mkdir(dir, { recursive: true });
  const isRepository = await git(dir, ["rev-parse", "--git-dir"]).then(
    (gitDir) => gitDir === "." || gitDir === ".git",
    () => false,
  );
  if (!isRepository) await git(dir, ["init", "--quiet", "--bare", "--initial-branch=main"]);

  const commits = shopHistory(setup);
  await git(dir, ["fast-import", "--quiet"], renderImport(commits, now));
  await git(dir, ["symbolic-ref", "HEAD", "refs/heads/main"]);
  const tags = commits.flatMap(({ tag }) => tag ?? []);
  const shas = (await git(dir, ["rev-parse", "main", ...tags])).split("\n");
  const [head = ""] = shas;
  return { head, tags: Object.fromEntries(tags.map((tag, index) => [tag, shas[index + 1] ?? ""])) };
}

/** The history as a stream for `git fast-import`. */
function renderImport(commits: readonly Commit[], now: Date): string {
  return `${commits.map((commit, index) => renderCommit(commit, index + 1, now)).join("")}done\n`;
}

function renderCommit({ message, hoursAgo, author, tag, files }: Commit, mark: number, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000) - hoursAgo * 3600;
  const email = `${author.toLowerCase().replace(" ", ".")}@acme.example`;
  const lines = [
    "commit refs/heads/main",
    `mark :${mark}`,
    `author ${author} <${email}> ${seconds} +0000`,
    `committer ${author} <${email}> ${seconds} +0000`,
    renderData(message),
    ...(mark > 1 ? [`from :${mark - 1}`] : []),
    "deleteall",
    ...Object.entries(files).flatMap(([path, content]) => [`M 100644 inline ${path}`, renderData(content)]),
    ...(tag === null ? [] : [`reset refs/tags/${tag}`, `from :${mark}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function renderData(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** Runs git in `dir` and returns what it printed, trimmed. Nothing of the user's git configuration or environment counts. */
async function git(dir: string, args: readonly string[], input = ""): Promise<string> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: dir, GIT_CONFIG_NOSYSTEM: "1", GIT_CEILING_DIRECTORIES: `${dir}/..` };
  const child = spawn("git", args, { cwd: dir, env });
  const output = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.err += chunk));
  child.stdin.on("error", (error) => (output.err += `${error.message}\n`)).end(input);
  await once(child, "close");
  if (child.exitCode !== 0) throw new Error(`git ${args.join(" ")} in ${dir} failed (${child.exitCode}): ${output.err.trim()}`);
  return output.out.trim();
}
