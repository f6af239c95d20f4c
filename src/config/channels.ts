import type { TrustedFile } from "../ports.js";
import type { Channel } from "./config.js";
import { draftChannel } from "./draft.js";
import { ConfigFile } from "./schema.js";
import { readYaml } from "./yaml.js";

/** Whom to call when the rest of the file cannot be used: a mistake elsewhere must not silence the pager. Empty when that part is wrong too. */
export function salvageChannels(file: TrustedFile): readonly Channel[] {
  const yaml = readYaml(file.text);
  if (!yaml.ok || typeof yaml.value !== "object" || yaml.value === null || !("pager" in yaml.value)) return [];
  const { data } = ConfigFile.shape.pager.safeParse(yaml.value.pager);
  return data?.channels.map(draftChannel) ?? [];
}
