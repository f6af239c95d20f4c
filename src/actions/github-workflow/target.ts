import { z } from "zod";
import type { Json } from "../../words.js";

/** Settings of a `github.workflow` target, as the config file words them. */
const Settings = z.strictObject({
  workflow: z.string().regex(/^[\w.-]+\.ya?ml$/, "must be the file name of a workflow, like deploy.yml"),
  ref: z.string().regex(/^[\w./-]{1,200}$/, "must be a branch or tag"),
  inputs: z
    .record(z.string().regex(/^[\w-]{1,100}$/), z.string().max(1000))
    .refine(
      (inputs) => Object.values(inputs).some((value) => value.includes("{after}")),
      'needs one input that holds "{after}": the version to deploy',
    ),
  correlation: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .default("gatehouse-key"),
  "deployment-environment": z.string().min(1).max(255).nullable().default(null),
});

/** Where a workflow is started and how its deployments are recognised. */
export const WorkflowAddress = Settings.transform((settings) => ({
  workflow: settings.workflow,
  ref: settings.ref,
  inputs: settings.inputs,
  correlation: settings.correlation,
  deploymentEnvironment: settings["deployment-environment"],
}));
export type WorkflowAddress = z.infer<typeof WorkflowAddress>;

const StoredAddress = z.strictObject({
  workflow: z.string(),
  ref: z.string(),
  inputs: z.record(z.string(), z.string()),
  correlation: z.string(),
  deploymentEnvironment: z.string().nullable(),
});

/** The address as the config's parser left it. @throws when it is something else, which would be a defect of ours */
export function readAddress(address: Json): WorkflowAddress {
  return StoredAddress.parse(address);
}

export function resolveInputs(address: WorkflowAddress, version: string, key: string): Readonly<Record<string, string>> {
  const inputs = Object.entries(address.inputs).map(([name, value]) => [name, value.replaceAll("{after}", () => version)]);
  return { ...Object.fromEntries(inputs), [address.correlation]: key };
}
