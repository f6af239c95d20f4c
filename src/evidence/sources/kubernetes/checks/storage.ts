/** Claims that no volume satisfies. @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding */
import type { Claim, Volume } from "../cluster.js";
import { claimManifestOf, type ClaimManifest } from "../manifest.js";
import { parseQuantity } from "../quantity.js";
import type { Said, View } from "../view.js";

export function checkStorage(view: View): readonly Said[] {
  const claims = view.cluster.claims ?? [];
  const waiting = claims.filter(({ bound }) => !bound).flatMap((claim) => checkClaim(claim, view));
  return [...waiting.map(withoutUser), ...checkMissing(view)];
}

/** A claim whose user was not seen is nobody's trouble for sure. */
function withoutUser(said: Said): Said {
  return said.object.startsWith("namespace/") ? { ...said, score: Math.min(said.score, UNUSED) } : said;
}
const UNUSED = 0.6;

function checkClaim(claim: Claim, view: View): readonly Said[] {
  if (claim.events.some(({ message }) => AWAITS_POD.test(message))) return [];
  const asked = claimManifestOf(claim.name, view.manifests);
  const wants = readWants(claim, asked);
  const { storageClasses, volumes, namespace } = view.cluster;
  const object = claimantOf(claim, view);
  const isUnknownClass = claim.storageClass !== "" && storageClasses !== null && !storageClasses.includes(claim.storageClass);
  if (isUnknownClass || claim.events.some(({ message }) => /storageclass\S* "[^"]*" not found/i.test(message))) {
    return [
      say(
        object,
        "StorageClassMissing",
        `${claim.name} asks for the storage class ${claim.storageClass}, which does not exist`,
        0.95,
      ),
    ];
  }
  const offers = (volumes ?? []).map((volume) => ({ volume, wrong: whatIsWrong(volume, wants, `${namespace}/${claim.name}`) }));
  const nearest = offers.toSorted((a, b) => a.wrong.length - b.wrong.length || Number(isTaken(a)) - Number(isTaken(b)))[0];
  if (nearest === undefined) return [say(object, "NoVolume", `${claim.name} is not bound and there is no volume`, 0.5)];
  return nearest.wrong.map((reason) =>
    say(
      object,
      reason,
      describe(reason, claim, nearest.volume, wants),
      nearest.wrong.length === 1 ? (asked === null && reason !== "VolumeTaken" ? 0.7 : 0.95) : 0.6,
    ),
  );
}

/** Bound once a pod that uses it has a node: what keeps that pod from one is the trouble, not the claim. */
const AWAITS_POD = /waiting for first consumer|waiting for pod \S+ to be scheduled/i;

interface Wants {
  readonly storageClass: string;
  readonly size: string | null; // null: not known
  readonly modes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

function readWants(claim: Claim, asked: ClaimManifest | null): Wants {
  return {
    storageClass: claim.storageClass,
    size: asked?.spec.resources.requests["storage"] ?? null,
    modes: (asked?.spec.accessModes ?? []).map((mode) => SHORT_MODES[mode] ?? mode),
    labels: asked?.spec.selector?.matchLabels ?? {},
  };
}

function isTaken({ wrong }: { readonly wrong: readonly string[] }): boolean {
  return wrong.includes("VolumeTaken");
}

function whatIsWrong(volume: Volume, wants: Wants, claim: string): readonly string[] {
  const size = wants.size === null ? null : parseQuantity(wants.size);
  const offered = parseQuantity(volume.capacity);
  return [
    ...(volume.storageClass === wants.storageClass ? [] : ["StorageClassDiffers"]),
    ...(size !== null && offered !== null && offered < size ? ["VolumeTooSmall"] : []),
    ...(wants.modes.every((mode) => volume.accessModes.includes(mode)) ? [] : ["AccessModeDiffers"]),
    ...(Object.entries(wants.labels).every(([key, value]) => volume.labels.get(key) === value) ? [] : ["SelectorUnmatched"]),
    ...(volume.status === "Available" || volume.claim === claim ? [] : ["VolumeTaken"]),
  ];
}

function describe(reason: string, claim: Claim, volume: Volume, wants: Wants): string {
  switch (reason) {
    case "VolumeTooSmall":
      return `${claim.name} asks for ${wants.size ?? "?"}, ${volume.name} has ${volume.capacity}`;
    case "AccessModeDiffers":
      return `${claim.name} asks for ${wants.modes.join(", ")}, ${volume.name} offers ${volume.accessModes.join(", ")}`;
    case "SelectorUnmatched":
      return `${claim.name} selects labels that ${volume.name} does not have`;
    case "VolumeTaken":
      return `${volume.name}, which would suit ${claim.name}, is ${volume.status.toLowerCase()} to ${volume.claim || "another claim"}`;
    default:
      return `${claim.name} asks for the storage class "${claim.storageClass}", ${volume.name} has "${volume.storageClass}"`;
  }
}

/** Pods that name a claim which does not exist: with a limit on storage, its creation was most likely refused. */
function checkMissing(view: View): readonly Said[] {
  return view.unwell.flatMap(({ detail, app }) => {
    const found = detail.events
      .map(({ message }) => /persistentvolumeclaim "([^"]+)" not found/.exec(message)?.[1])
      .find((name) => name !== undefined);
    if (found === undefined || view.cluster.claims?.some(({ name }) => name === found)) return [];
    return [say(app, "Missing", `the pod uses the claim ${found}, which does not exist`, 0.8)];
  });
}

/** The app whose pods use it. */
function claimantOf(claim: Claim, { appOf, unwell, cluster }: View): string {
  const [pod] = claim.usedBy;
  const user = unwell.find(({ detail }) => detail.claims.includes(claim.name));
  const workload = cluster.workloads.find(({ claims }) => claims.includes(claim.name));
  if (user) return user.app;
  if (workload) return `app/${workload.name}`;
  return pod === undefined ? `namespace/${cluster.namespace}` : appOf(pod);
}

function say(object: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of: "claim", reason, object, message, ageMs: 0, score };
}
