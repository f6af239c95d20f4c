import type { Answer } from "../site.js";
import type { Call } from "./operation.js";
import { ok } from "./operation.js";

export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Record<string, string>;
}

/** The page the caller asked for (`per_page` up to 100, default 30) and its `Link` header. */
export function pageOf<T>(call: Call, all: readonly T[]): Page<T> {
  const perPage = Math.min(Math.max(Number(call.query["per_page"] ?? 30), 1), 100);
  const page = Math.max(Number(call.query["page"] ?? 1), 1);
  const last = Math.max(Math.ceil(all.length / perPage), 1);
  const links: string[] = [];
  const link = (rel: string, to: number) => links.push(`<${pageUrl(call.url, to)}>; rel="${rel}"`);
  if (page > 1) link("prev", page - 1);
  if (page < last) link("next", page + 1);
  if (page < last) link("last", last);
  if (page > 1) link("first", 1);
  return { items: all.slice((page - 1) * perPage, page * perPage), headers: links.length > 0 ? { link: links.join(", ") } : {} };
}

function pageUrl(url: URL, page: number): string {
  const to = new URL(url);
  to.searchParams.set("page", String(page));
  return to.href;
}

/** A paged list answer; `render` is only asked for what is on the page. */
export async function listPage<T>(call: Call, all: readonly T[], render: (item: T) => unknown): Promise<Answer> {
  const { items, headers } = pageOf(call, all);
  return ok(await Promise.all(items.map(render)), headers);
}
