import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRunbookFolder, describeCheck } from "../../src/app/check-runbooks.js";
import { shippedFiles } from "../diagnosis/support/shipped.js";

async function aFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "runbooks-"));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

describe("gatehouse runbook check", () => {
  it("is content with the folder of this repository", async () => {
    const checked = await checkRunbookFolder("runbooks", shippedFiles());
    expect(describeCheck("runbooks", checked)).toEqual({
      text: `${shippedFiles().length} runbooks in runbooks: all is well.`,
      code: 0,
    });
  });

  it("reads what an incident would read, and fails with every problem under the path given", async () => {
    const folder = await aFolder({ "README.md": "no runbook", "notes.txt": "neither", "a.md": "x", "b.md": "---\nid: c\n---\n" });
    const checked = await checkRunbookFolder(folder, []);
    const { text, code } = describeCheck(folder, checked);
    expect([checked.count, code]).toEqual([2, 1]);
    expect(text).toContain(`${folder}/a.md:1:1: there is no front matter`);
    expect(text).toContain(`${folder}/b.md:2:5: id is "c"`);
    expect(text).toMatch(/\n\n2 runbooks in \S+: \d problems\.$/);
  });

  it("fails on a folder without any: nothing was checked", async () => {
    const folder = await aFolder({});
    expect(describeCheck(folder, await checkRunbookFolder(folder, []))).toMatchObject({ code: 1 });
  });

  it("names the whole path that is not there, and what to do", async () => {
    const nowhere = join(await aFolder({}), "nowhere");
    await expect(checkRunbookFolder(nowhere, [])).rejects.toThrow(
      `There is no ${nowhere}. Name another path, or run this in the root of the repository.`,
    );
  });
});
