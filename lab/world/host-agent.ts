import { join } from "node:path";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { LabClock } from "../model.js";
import { holdsToken } from "./bearer.js";
import { unpackRelease } from "./releases.js";
import type { Shop } from "./shop.js";

/** Something that was done to the world, as the world counted it. */
export interface Effect {
  readonly kind: string; // "deploy v1.4.2"
  readonly at: string; // ISO 8601, lab clock
}

interface HostAgentOptions {
  readonly shop: Shop;
  readonly clock: LabClock;
  readonly token: string;
  readonly folder: string; // releases are unpacked below it
  readonly onEffect: (effect: Effect) => void;
}

const maxReleaseBytes = 10 * 1024 * 1024;

/**
 * The agent on the shop's host that workflows deploy through: `POST` or `PUT /releases/<tag>` with a gzipped tar as body
 * and a bearer token. It answers when the release is live (200), could not be made live (422) or is refused (400, 401, 413).
 *
 * It is deliberately not idempotent: every call that succeeds is one more deployment.
 */
export function createHostAgent({ shop, clock, token, folder, onEffect }: HostAgentOptions): Hono {
  const app = new Hono();
  let queue: Promise<unknown> = Promise.resolve();
  let uploads = 0;

  const deploy = async (version: string, archive: Uint8Array): Promise<Effect> => {
    uploads += 1;
    const target = join(folder, `${uploads}-${version}`);
    await unpackRelease(archive, target);
    await shop.switchTo(version, target);
    const effect = { kind: `deploy ${version}`, at: clock.now().toISOString() };
    onEffect(effect);
    return effect;
  };

  app.use("*", async (context, next) => {
    if (holdsToken(context.req.header("authorization"), token)) return next();
    return context.json({ error: "Send the host's token: Authorization: Bearer <SHOP_HOST_TOKEN>." }, 401);
  });
  app.get("/releases/live", (context) => context.json({ version: shop.live() }));
  app.on(["POST", "PUT"], "/releases/:version", bodyLimit({ maxSize: maxReleaseBytes }), async (context) => {
    const version = context.req.param("version") ?? "";
    if (!/^v\d+\.\d+\.\d+$/.test(version))
      return context.json({ error: `${version} is not a release's tag such as v1.4.2.` }, 400);
    const archive = new Uint8Array(await context.req.arrayBuffer());
    const deployed = queue.then(() => deploy(version, archive));
    queue = deployed.catch(() => undefined); // the caller hears of it below; the next deployment must not
    try {
      return context.json({ version, deployed_at: (await deployed).at });
    } catch (error) {
      return context.json({ error: error instanceof Error ? error.message : String(error) }, 422);
    }
  });
  return app;
}
