import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The fresh machine of one job, as folders. */
export interface Folders {
  readonly root: string;
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly tools: string;
  readonly eventPath: string; // the payload that started the run, as JSON
}

export function createFolders(repository: string, payload: unknown): Folders {
  const root = mkdtempSync(join(tmpdir(), "lab-job-"));
  const temp = join(root, "_temp");
  const folders = {
    root,
    workspace: join(root, repository, repository),
    temp,
    home: join(root, "home"),
    tools: join(root, "_tools"),
    eventPath: join(temp, "_github_workflow", "event.json"),
  };
  const needed = [folders.workspace, folders.home, folders.tools, join(temp, "_github_workflow")];
  for (const folder of needed) mkdirSync(folder, { recursive: true });
  writeFileSync(folders.eventPath, JSON.stringify(payload));
  return folders;
}

export function removeFolders(folders: Folders): void {
  // A process killed a moment ago may still be writing.
  rmSync(folders.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
