/** Why images could not be pulled. */
import { distance } from "../spelling.js";
import type { View, Said } from "../view.js";

const PULL = /Failed to pull image "([^"]+)": ([\s\S]*)$/;
const BARE_INVALID = /InvalidImageName|couldn't parse image|invalid reference format/i;

export function checkImages(view: View): readonly Said[] {
  return view.unwell
    .filter(({ isReady }) => !isReady)
    .flatMap(({ detail, app }) => [
      ...detail.events.flatMap(({ reason, message, ageMs }) => {
        const found = PULL.exec(message);
        const image = found?.[1] ?? "";
        const why = found?.[2] ?? message;
        if (found === null && !BARE_INVALID.test(`${reason} ${message}`)) return [];
        const verdict = decideWhy(image, why, isKnownPlace(image, app, view));
        return verdict === null ? [] : [say(app, verdict, `${image}: ${lastPart(why)}`, ageMs, 0.95)];
      }),
      ...detail.events
        .filter(({ reason }) => reason === "FailedToRetrieveImagePullSecret")
        .map(({ message, ageMs }) => say(app, "PullSecretMissing", message, ageMs, 0.9)),
    ]);
}

function say(object: string, reason: string, message: string, ageMs: number, score: number): Said {
  return { kind: "state", of: "image", reason, object, message, ageMs, score };
}

const UNRESOLVED = /no such host|server misbehaving|name resolution|lookup \S+ on|dial tcp: lookup/i;
const UNREACHABLE = /i\/o timeout|connection refused|no route to host|connection reset|TLS handshake|context deadline|x509/i;
const NOT_FOUND =
  /\bnot ?found\b|manifest unknown|does not exist(?! or may require)|name unknown|invalid reference format|InvalidImageName|couldn't parse/i;
const DENIED = /unauthorized|forbidden|denied|authentication required|authoriz|no basic auth|\b401\b|\b403\b/i;
/** Official images need no credentials: a refusal there means that there is no such image. */
const OFFICIAL = /(?:^|")(?:docker\.io\/)?library\//;
const ASKED_FOR_CREDENTIALS = /failed to authorize|fetch (?:anonymous|oauth) token|no basic auth|authentication required/i;

function decideWhy(image: string, why: string, isKnown: boolean): string | null {
  if (UNRESOLVED.test(why)) return "RegistryNameUnresolved";
  if (NOT_FOUND.test(why)) return "NotFound";
  if (DENIED.test(why)) {
    const isOfficial = OFFICIAL.test(image) || (!image.includes("/") && OFFICIAL.test(why.replace(/^[^"]*/, "")));
    if (isOfficial && !ASKED_FOR_CREDENTIALS.test(why)) return "NotFound";
    return isKnown && !ASKED_FOR_CREDENTIALS.test(why) ? "NotFound" : "AccessDenied";
  }
  return UNREACHABLE.test(why) ? "RegistryUnreachable" : null;
}

/**
 * Another app runs with an image from the same place, so credentials for it are there or not needed; or from a place that differs by
 * a slip of the hand, which registries refuse in the words they have for what is private.
 */
function isKnownPlace(image: string, app: string, { cluster, appOf }: View): boolean {
  const place = placeOf(image);
  const pulled = new Set(
    cluster.pods.filter(({ status }) => /^(?:Running|CrashLoopBackOff|Error)$/.test(status)).map(({ name }) => appOf(name)),
  );
  return cluster.workloads.some(
    ({ name, containers }) =>
      `app/${name}` !== app &&
      pulled.has(`app/${name}`) &&
      containers.some((each) => place.length >= 5 && distance(placeOf(each.image), place) <= 2),
  );
}

/** Registry and path without the last part: `ghcr.io/acme/shop:v1` → `ghcr.io/acme`. */
function placeOf(image: string): string {
  return image
    .replace(/^docker\.io\//, "")
    .split("/")
    .slice(0, -1)
    .join("/");
}

/** The end of a pull error names the cause; its beginning repeats the image three times. */
function lastPart(why: string): string {
  return why.slice(-120).trim();
}
