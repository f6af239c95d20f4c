/** What another version of a dependency can bring about. Pure. */
import type { FileDiff } from "./diff.js";
import type { FamilyWeights } from "./families.js";
import type { Mechanism } from "./setting-mechanisms.js";

const MANIFEST =
  /(?:^|\/)(?:go\.mod|package\.json|requirements[\w.-]*\.txt|pyproject\.toml|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json|.*\.csproj|Dockerfile)$/;
const PINNED =
  /["']?([@A-Za-z][\w@./:-]*[\w])["']?\s*(?:[:=]{1,2}|[~^>=<]{1,2}|\s)\s*["']?[~^>=<]*\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/;

const BRINGS: FamilyWeights = {
  dependency: 1,
  startup: 0.8,
  crash: 0.7,
  decode: 0.6,
  memory: 0.5,
  auth: 0.4,
  tls: 0.4,
  connect: 0.4,
  timeout: 0.3,
  failing: 0.4,
  slow: 0.3,
  cpu: 0.3,
};
/** By the first part of the version that differs. */
const STRENGTHS = [1, 0.7, 0.15] as const;

export function isManifest(path: string): boolean {
  return MANIFEST.test(path);
}

export function packageMechanisms({ removed, added, path }: FileDiff): readonly Mechanism[] {
  if (path !== "" && !isManifest(path)) return [];
  const was = new Map(removed.flatMap(readPin));
  return added.flatMap(readPin).flatMap(([name, version]) => {
    const old = was.get(name);
    const step = old === undefined ? -1 : version.findIndex((part, index) => part !== old[index]);
    const strength = STRENGTHS[step];
    if (old === undefined || strength === undefined) return [];
    return [{ what: `moves ${name} from ${old.join(".")} to ${version.join(".")}`, strength, brings: BRINGS, text: name }];
  });
}

function readPin(line: string): readonly (readonly [string, readonly number[]])[] {
  const [, name, major, minor, patch] = PINNED.exec(line.trim()) ?? [];
  if (name === undefined || minor === undefined) return [];
  return [[name, [major, minor, patch ?? "0"].map(Number)]];
}
