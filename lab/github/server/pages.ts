import { readBlob, resolveObject, typeOf } from "../git/objects.js";
import { labelsOf } from "../render/issue.js";
import { type Site, timestamp } from "../site.js";
import type { Editable, IssueRecord } from "../state.js";
import { escapeHtml, renderMarkdown } from "./markdown.js";

export interface Page {
  readonly status: number;
  readonly type: "text/html" | "text/plain";
  readonly text: string;
}

/** Plain read-only pages; `path` is what follows `/{owner}/{repo}`. null: no such page. */
export async function findPage(site: Site, path: string): Promise<Page | null> {
  const [, number] = /^\/(?:issues|pull)\/(\d+)$/.exec(path) ?? [];
  if (number !== undefined) return issuePage(site, Number(number));
  if (path === "" || path === "/" || path === "/issues") return listPage(site);
  const [, expression] = /^\/(?:blob|raw)\/(.+)$/.exec(path) ?? [];
  return expression === undefined ? null : filePage(site, expression);
}

async function issuePage(site: Site, number: number): Promise<Page | null> {
  const issue = site.state.issues.find((candidate) => candidate.number === number);
  if (!issue) return null;
  const labels = labelsOf(site, issue).map(({ name }) => `<span class="label">${escapeHtml(name)}</span>`);
  const head = `<h1>${escapeHtml(issue.title)} <small>#${issue.number}</small></h1><p>${issue.state}${issue.locked ? " · locked" : ""} ${labels.join(" ")}</p>`;
  const posts = await Promise.all([
    renderPost(issue, "issue"),
    ...issue.comments.map((comment) => renderPost(comment, `issuecomment-${comment.id}`)),
  ]);
  return htmlPage(`${issue.title} · #${issue.number}`, head + posts.join(""));
}

async function renderPost(record: Editable, anchor: string): Promise<string> {
  const edited = record.lastEditedAt
    ? ` · edited ${timestamp(record.lastEditedAt)} by ${escapeHtml(record.editor?.login ?? "")}`
    : "";
  const head = `<header><b>${escapeHtml(record.author.login)}</b> · ${timestamp(record.createdAt)}${edited}</header>`;
  const reactions = record.reactions.map(({ content, user }) => `${content} ${escapeHtml(user.login)}`).join(" · ");
  return `<article id="${anchor}">${head}${await renderMarkdown(record.body)}${reactions === "" ? "" : `<footer>${reactions}</footer>`}</article>`;
}

function listPage(site: Site): Page {
  const line = (issue: IssueRecord) => {
    const href = `/${site.owner}/${site.name}/issues/${issue.number}`;
    return `<li><a href="${href}">#${issue.number} ${escapeHtml(issue.title)}</a> · ${issue.state}</li>`;
  };
  const name = `${site.owner}/${site.name}`;
  return htmlPage(name, `<h1>${escapeHtml(name)}</h1><ul>${site.state.issues.toReversed().map(line).join("")}</ul>`);
}

/** `main/docs/x.md`: the ref is the shortest beginning that names one. */
async function filePage(site: Site, expression: string): Promise<Page | null> {
  const parts = expression.split("/");
  for (let length = 1; length < parts.length; length += 1) {
    const ref = parts.slice(0, length).join("/");
    const sha = await resolveObject(site.git, `${ref}:${parts.slice(length).join("/")}`);
    if (sha === null || (await typeOf(site.git, sha)) !== "blob") continue;
    return { status: 200, type: "text/plain", text: (await readBlob(site.git, sha)).toString("utf8") };
  }
  return null;
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
article{border:1px solid #d1d9e0;border-radius:6px;margin:1rem 0;padding:0 1rem 1rem}header,footer{color:#59636e;font-size:.9rem;padding:.5rem 0}
.label{border:1px solid #d1d9e0;border-radius:1em;padding:0 .6em;font-size:.85rem}pre,code{background:#f6f8fa;border-radius:6px}pre{padding:.8rem;overflow:auto}
table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:.3rem .6rem}blockquote{border-left:.25em solid #d1d9e0;margin:0;padding:0 1em}`;

function htmlPage(title: string, body: string): Page {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style>`;
  return {
    status: 200,
    type: "text/html",
    text: `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>\n`,
  };
}
