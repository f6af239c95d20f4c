import type { Call } from "../api/operation.js";
import { HttpError } from "../site.js";
import { personOf } from "./change.js";
import { type Person, typeOf } from "./objects.js";

/**
 * Writes the annotated tag object a request describes; no ref points at it yet.
 * @throws {HttpError} 422 when the object is missing or of another type
 */
export async function tagObject({ site, caller, body }: Call): Promise<string> {
  const object = String(body["object"]);
  const type = String(body["type"]);
  if ((await typeOf(site.git, object)) !== type) throw new HttpError(422, `Could not find ${type} ${object}`);
  const tagger = { ...personOf(site, caller), ...(body["tagger"] as Partial<Person> | undefined) };
  const seconds = Math.floor(Date.parse(tagger.date) / 1000);
  const lines = [`object ${object}`, `type ${type}`, `tag ${oneLine(String(body["tag"]))}`];
  const input = [
    ...lines,
    `tagger ${oneLine(tagger.name)} <${oneLine(tagger.email)}> ${seconds} +0000`,
    "",
    String(body["message"]),
    "",
  ].join("\n");
  return site.git.text(["hash-object", "-t", "tag", "-w", "--stdin"], { input });
}

function oneLine(text: string): string {
  return text.replace(/[\n<>]/g, "");
}
