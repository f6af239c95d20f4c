/** What must be true of an incident that is over, whatever happened on its way. */
import type { LabSession } from "./lab-session.js";
import type { Comment, Issue } from "./shapes.js";

const MARKER = /<!-- gatehouse:(?!execution )(.+?) -->\s*$/;
const EXECUTION = /<!-- gatehouse:execution /;

/** @returns a sentence for each thing that is not as it should be */
export async function findBlemishes(
  session: LabSession,
  incident: Issue,
  ending: "closed" | "ambiguous",
): Promise<readonly string[]> {
  const comments = await session.comments(incident.number);
  const incidents = (await session.issues()).filter(({ labels }) => labels.includes("incident"));
  const { effects } = await session.world();
  const kinds = effects.map(({ kind }) => kind).join(", ");
  const expectedKinds = ending === "closed" ? "deploy v1.5.0, deploy v1.4.2" : "deploy v1.5.0";
  return [
    ...(incidents.length === 1 ? [] : [`there are ${incidents.length} incidents`]),
    ...(kinds === expectedKinds ? [] : [`the world saw "${kinds}", not "${expectedKinds}"`]),
    ...saidTwice(comments),
    ...countExecutions(comments),
    ...(ending === "closed" ? await findFilingBlemishes(session, incident) : []),
    ...(await findRequestBlemishes(session)),
  ];
}

export function saidTwice(comments: readonly Comment[]): readonly string[] {
  const keys = comments.flatMap(({ body, user }) =>
    user.type === "Bot" ? (MARKER.exec(body)?.[1]?.replace(/ r\d+$/, "") ?? []) : [],
  );
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].map((key) => `"${key}" was said twice`);
}

function countExecutions(comments: readonly Comment[]): readonly string[] {
  const count = comments.filter(({ body }) => EXECUTION.test(body)).length;
  return count === 1 ? [] : [`there are ${count} execution comments`];
}

/** One post-mortem, and one row of the index that leads to it. */
async function findFilingBlemishes(session: LabSession, { number }: Issue): Promise<readonly string[]> {
  const folder = `postmortems/${session.lab.clock.now().getUTCFullYear()}`;
  const filed = (await session.folder(folder)).filter((name) => name.startsWith(`${number}-checkout-`));
  const index = (await session.file("postmortems/README.md"))?.text ?? "";
  const rows = index.match(new RegExp(`/${number}-checkout-[\\w-]+\\.md\\)`, "g")) ?? [];
  return [
    ...(filed.length === 1 ? [] : [`${folder} holds "${filed.join(", ")}" for it, not one post-mortem`]),
    ...(rows.length === 1 ? [] : [`the index names its post-mortem ${rows.length} times`]),
  ];
}

/** Every request fits GitHub's own description, and none asks for what the stand-in does not know. */
export async function findRequestBlemishes(session: LabSession): Promise<readonly string[]> {
  const bad = (await session.requests()).filter(({ valid, operation }) => !valid || operation === "unknown");
  return bad.map(
    ({ job, method, path, status, problems }) => `${job ?? "someone"}: ${method} ${path} (${status}): ${problems.join("; ")}`,
  );
}
