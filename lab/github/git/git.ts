import { spawn } from "node:child_process";

/** A git command that ended with another exit code than 0. */
export class GitError extends Error {
  override readonly name = "GitError";
  constructor(
    readonly args: readonly string[],
    readonly code: number | null,
    readonly stderr: string,
  ) {
    super(`git ${args.join(" ")} ended with ${code}: ${stderr.trim()}`);
  }
}

export interface GitRun {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** The repository's git, always the real binary, always with an argument array. */
export interface Git {
  readonly dir: string;
  /** @throws {GitError} on a non-zero exit */
  bytes(args: readonly string[], run?: GitRun): Promise<Buffer>;
  /** Standard output as text without its last newline. @throws {GitError} on a non-zero exit */
  text(args: readonly string[], run?: GitRun): Promise<string>;
  /** Like `text`, with null for a non-zero exit: for questions whose answer may be no. */
  ask(args: readonly string[], run?: GitRun): Promise<string | null>;
}

export function openGit(dir: string): Git {
  const known = new Map<string, Promise<Buffer>>();
  const bytes = (args: readonly string[], run: GitRun = {}): Promise<Buffer> => {
    if (!isPinned(args, run)) return runGit(dir, args, run);
    const question = args.join("\0");
    const answer = known.get(question) ?? runGit(dir, args, run);
    known.set(question, answer);
    answer.catch(() => known.delete(question)); // what is missing now may be written later
    return answer;
  };
  const text = async (args: readonly string[], run?: GitRun) => (await bytes(args, run)).toString("utf8").replace(/\n$/, "");
  return {
    dir,
    bytes,
    text,
    async ask(args, run) {
      try {
        return await text(args, run);
      } catch (error) {
        if (error instanceof GitError) return null;
        throw error;
      }
    },
  };
}

const READING = new Set(["cat-file", "ls-tree", "rev-parse"]);

/** Asks about an object by its id: that answer never changes, and starting a process for it again costs more than all the rest. */
function isPinned(args: readonly string[], run: GitRun): boolean {
  const [command = ""] = args;
  return (
    run.input === undefined && run.env === undefined && READING.has(command) && /^[0-9a-f]{40}(?:[:^]|$)/.test(args.at(-1) ?? "")
  );
}

/** Nothing of the user's own git configuration reaches the lab. */
export const isolated: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
};

function runGit(dir: string, args: readonly string[], run: GitRun): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env["PATH"] ?? "", ...isolated, GIT_DIR: dir, ...run.env };
    const child = spawn("git", [...args], { cwd: dir, env });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.stdin.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") reject(error); // a command that fails early does not read its input; its exit code tells
    });
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new GitError(args, code, Buffer.concat(err).toString("utf8")));
    });
    child.stdin.end(run.input ?? "");
  });
}
