import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { deployments, releaseFiles, shopHistory } from "../../../lab/world/history.js";
import { type SeededRepository, seedRepository } from "../../../lab/world/repository.js";
import { temporaryFolder } from "./support.js";

const now = new Date("2026-11-20T12:00:00Z");
const dir = join(temporaryFolder(), "shop.git");
const git = (...args: string[]): string => execFileSync("git", args, { cwd: dir, encoding: "utf8" }).trim();
let seeded: SeededRepository;

beforeAll(async () => {
  seeded = await seedRepository(dir, { now, setup: { ".github/gatehouse.yml": "version: 1\n" } });
});

describe("the shop's repository", () => {
  it("has main at the newest release, and a tag for each", () => {
    expect(git("symbolic-ref", "HEAD")).toBe("refs/heads/main");
    expect(git("tag").split("\n")).toEqual(["v1.4.1", "v1.4.2", "v1.5.0"]);
    expect(seeded.head).toBe(git("rev-parse", "main"));
    expect(seeded.tags["v1.5.0"]).toBe(seeded.head);
    expect(seeded.tags["v1.4.2"]).toBe(git("rev-parse", "v1.4.2^{commit}"));
  });

  it("is sound to git itself", () => {
    expect(() => git("fsck", "--strict")).not.toThrow();
  });

  it("shrinks the pool in v1.5.0, among other changes", () => {
    expect(git("diff", "--name-only", "v1.4.2", "v1.5.0").split("\n")).toEqual([
      "README.md",
      "config/pool.json",
      "package.json",
      "service/server.mjs",
    ]);
    expect(JSON.parse(git("show", "v1.4.2:config/pool.json"))).toMatchObject({ size: 50 });
    expect(JSON.parse(git("show", "v1.5.0:config/pool.json"))).toMatchObject({ size: 4 });
  });

  it("dates its commits back from the lab's clock, in order", () => {
    const dates = git("log", "--reverse", "--format=%ct").split("\n").map(Number);
    expect(dates).toEqual(dates.toSorted((a, b) => a - b));
    expect(dates.at(-1)).toBe(now.getTime() / 1000 - 3600);
  });

  it("deployed each release after it was committed", () => {
    for (const { version, hoursAgo } of deployments) {
      expect(shopHistory().find(({ tag }) => tag === version)?.hoursAgo).toBeGreaterThan(hoursAgo);
    }
  });

  it("contains what Gatehouse's setup adds, before the releases", () => {
    expect(git("show", "v1.4.1:.github/gatehouse.yml")).toBe("version: 1");
  });

  it("names nothing as a fault", () => {
    const text = [git("log", "--format=%B"), ...Object.values(releaseFiles("v1.5.0"))].join("\n");
    expect(text).not.toMatch(/\b(bad|good|fault|broken|inject\w*|demo|lab)\b/i);
  });

  it("never puts an input into a script of its workflow", () => {
    const scripts = git("show", "main:.github/workflows/deploy.yml").matchAll(/run: (?:\|\n(?: {10}.*\n?)+|.*)/g);
    const found = [...scripts].map(([script]) => script);
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((script) => script.includes("${{"))).toEqual([]);
  });

  it("also fills a repository that already exists and is not bare", async () => {
    const existing = temporaryFolder();
    execFileSync("git", ["init", "--quiet", existing]);
    const { head } = await seedRepository(existing, { now });
    expect(execFileSync("git", ["rev-parse", "main"], { cwd: existing, encoding: "utf8" }).trim()).toBe(head);
  });
});
