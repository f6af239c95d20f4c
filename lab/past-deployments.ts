import type { GitHub } from "./github/github.js";
import type { PastClock } from "./past-clock.js";
import { deployments } from "./world/history.js";

/** Writes the shop's deployment history through the API, each entry at its time, and brings the clock to now. */
export async function recordPastDeployments(github: GitHub, clock: PastClock, token: string): Promise<void> {
  for (const { version, hoursAgo } of deployments) {
    clock.catchUpTo(hoursAgo);
    const body = {
      ref: version,
      environment: "production",
      auto_merge: false,
      required_contexts: [],
      payload: { service: "checkout" },
    };
    const { id } = await post(github, token, "deployments", body);
    for (const state of ["in_progress", "success"]) await post(github, token, `deployments/${id}/statuses`, { state });
  }
  clock.catchUpTo(0);
}

async function post({ urls, repository }: GitHub, token: string, path: string, body: unknown): Promise<{ id: number }> {
  const response = await fetch(`${urls.api}/repos/${repository.owner}/${repository.name}/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`The lab's history could not be written: POST ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { id: number };
}
