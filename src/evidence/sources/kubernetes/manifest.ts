/** Manifests as they were applied: what `describe` does not print (affinity, what a claim asks for, DNS settings). Pure. */
import { parseAllDocuments, type Document } from "yaml";
import { z } from "zod";

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Texts = z.record(z.string(), text).catch({});

const Claim = z.object({
  kind: z.literal("PersistentVolumeClaim"),
  metadata: z.object({ name: text }),
  spec: z.object({
    accessModes: z.array(text).catch([]),
    storageClassName: text.nullish(),
    resources: z.object({ requests: Texts }).catch({ requests: {} }),
    selector: z.object({ matchLabels: Texts }).nullish().catch(null),
  }),
});
const Env = z.object({ name: text, value: text.nullish() });
const Template = z.object({
  spec: z.object({
    dnsPolicy: text.nullish(),
    dnsConfig: z
      .object({ nameservers: z.array(text).catch([]) })
      .nullish()
      .catch(null),
    hostAliases: z
      .array(z.object({ ip: text, hostnames: z.array(text) }))
      .nullish()
      .catch(null),
    affinity: z.object({ nodeAffinity: z.unknown(), podAntiAffinity: z.unknown() }).partial().nullish().catch(null),
    nodeSelector: Texts.nullish(),
    serviceAccountName: text.nullish(),
    imagePullSecrets: z
      .array(z.object({ name: text }))
      .nullish()
      .catch(null),
    containers: z.array(z.object({ name: text, image: text.nullish(), env: z.array(Env).nullish().catch(null) })).catch([]),
  }),
});
const Workload = z.object({
  kind: z.enum(["Deployment", "StatefulSet", "DaemonSet"]),
  metadata: z.object({ name: text }),
  spec: z.object({
    replicas: z.number().nullish().catch(null),
    template: Template,
    volumeClaimTemplates: z
      .array(Claim.omit({ kind: true }))
      .nullish()
      .catch(null),
  }),
});
const Named = z.object({ kind: z.enum(["Service", "ConfigMap"]), metadata: z.object({ name: text }) });
const Manifest = z.union([Claim, Workload, Named]);
export type Manifest = z.infer<typeof Manifest>;
export type ClaimManifest = z.infer<typeof Claim>;
export type WorkloadManifest = z.infer<typeof Workload>;

/** Documents of other kinds, of other shapes and `List`s are left out or opened; what is not YAML gives nothing. */
export function parseManifests(source: string): readonly Manifest[] {
  return parseAllDocuments(source, { logLevel: "silent" })
    .filter((document) => document.errors.length === 0)
    .flatMap((document) => openList(toValue(document)))
    .flatMap((value) => {
      const parsed = Manifest.safeParse(value);
      return parsed.success ? [parsed.data] : [];
    });
}

/** What a claim asks for: its own manifest, or the template of the StatefulSet that made it (`<template>-<set>-<number>`). */
export function claimManifestOf(name: string, manifests: readonly Manifest[]): ClaimManifest | null {
  for (const manifest of manifests) {
    if (manifest.kind === "PersistentVolumeClaim" && manifest.metadata.name === name) return manifest;
    if (!("spec" in manifest) || !("template" in manifest.spec)) continue;
    const made = (manifest.spec.volumeClaimTemplates ?? []).find(({ metadata }) => {
      const stem = `${metadata.name}-${manifest.metadata.name}-`;
      return name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length));
    });
    if (made !== undefined) return { kind: "PersistentVolumeClaim", ...made };
  }
  return null;
}

/** null for a document whose aliases unfold beyond all bounds: what is not to be read gives nothing, and the rest counts. */
export function toValue(document: Pick<Document, "toJS">): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch {
    return null;
  }
}

function openList(value: unknown): readonly unknown[] {
  const list = z.object({ kind: z.string().endsWith("List"), items: z.array(z.unknown()) }).safeParse(value);
  return list.success ? list.data.items : [value];
}
