import { spawn } from "node:child_process";

const allowedTags = new Set(
  "p br hr h1 h2 h3 h4 h5 h6 em strong b i del s sub sup code pre blockquote ul ol li table thead tbody tr th td details summary input a div span kbd".split(
    " ",
  ),
);

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** GitHub's own parser where it is installed, else the source as it is. Only known tags, without attributes, get through. */
export async function renderMarkdown(source: string): Promise<string> {
  const html = await runParser(source);
  return html === null ? `<pre>${escapeHtml(source)}</pre>` : sanitize(html);
}

function runParser(source: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const extensions = ["table", "strikethrough", "autolink", "tasklist"].flatMap((name) => ["--extension", name]);
    const child = spawn("cmark-gfm", ["--unsafe", ...extensions], { stdio: ["pipe", "pipe", "ignore"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? resolve(null) : reject(error)));
    child.stdin.on("error", () => resolve(null)); // the parser is missing or ended early: show the source
    child.on("close", (code) => resolve(code === 0 ? Buffer.concat(chunks).toString("utf8") : null));
    child.stdin.end(source);
  });
}

/** Every `<` in the result opens a tag that was rebuilt here, so nothing else can be smuggled in. */
export function sanitize(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, "")
    .split(/(<[^<>]*>)/)
    .map((part) =>
      part.startsWith("<") && part.endsWith(">") ? rebuildTag(part) : part.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    )
    .join("");
}

function rebuildTag(tag: string): string {
  const [, slash = "", name = ""] = /^<(\/?)([a-z][a-z0-9]*)/i.exec(tag) ?? [];
  const lower = name.toLowerCase();
  if (!allowedTags.has(lower)) return escapeHtml(tag);
  if (slash) return `</${lower}>`;
  if (lower === "input") return `<input type="checkbox" disabled${/\schecked/.test(tag) ? " checked" : ""}>`;
  const href = /\shref="((?:https?:\/\/|#|\/)[^"<>]*)"/i.exec(tag)?.[1];
  return lower === "a" && href !== undefined ? `<a href="${href}" rel="nofollow noopener">` : `<${lower}>`;
}
