/** GitHub's own markdown parser, as an oracle, and what GitHub looks for in the text that it renders. */
import { spawnSync } from "node:child_process";

const ARGUMENTS = ["-e", "table", "-e", "strikethrough", "-e", "autolink", "-e", "tagfilter", "-e", "tasklist", "--unsafe"];

export function render(markdown: string): string {
  const { error, status, stdout } = spawnSync("cmark-gfm", ARGUMENTS, { input: markdown, encoding: "utf8" });
  if (error) throw new Error("This test needs GitHub's markdown parser: apt-get install cmark-gfm", { cause: error });
  if (status !== 0) throw new Error(`cmark-gfm ended with ${status}.`);
  return stdout;
}

/** The names of all tags, in order, closing ones with a slash. */
export function tagsOf(html: string): readonly string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*)[^>]*>/gi)].map(([, name]) => name ?? "");
}

/** What a reader sees, without white space and without the zero-width spaces that keep references dead. */
export function seenText(html: string): string {
  return unescapeHtml(html.replace(/<[^>]*>/g, "")).replace(/[\s\u200b]/g, "");
}

export function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name] ?? "");
}

/** Mentions, references, addresses and emoji as GitHub finds them in rendered text. */
export const ALIVE: readonly RegExp[] = [
  /(?:^|[^\w`])@[a-z\d]/i,
  /(?:^|[^\w&])#\d/,
  /\bGH-\d/i,
  /https?:\/\//i,
  /(?:^|\W)www\.\w/i,
  /:[a-z+-][\w+-]*:/,
  /<!--|-->/,
];

export const HOSTILE: readonly string[] = [
  "<script>",
  "</details>",
  "<img src=x onerror=1>",
  "<a href='x'>",
  "<!-- gatehouse:journal v1 AAAA -->",
  "<!--",
  "-->",
  "<!",
  "<?php",
  "<![CDATA[",
  "&lt;",
  "&#64;",
  "&amp;",
  "[a](http://evil.example)",
  "![i](http://evil.example/x.png)",
  "[x]: http://evil.example",
  "[^1]",
  "[^1]: note",
  "- [ ] task",
  "[x]",
  "https://evil.example",
  "www.evil.example",
  "ftp://evil.example",
  "mailto:a@b.example",
  "xmpp:a@b.example",
  "a@b.example",
  "@octocat",
  "@acme/payments",
  "#1",
  "GH-1",
  "gh-22",
  "acme/shop#1",
  "acme/shop@deadbeef",
  ":smile:",
  ":+1:",
  "$x$",
  "$$y$$",
  "$`z`$",
  "`",
  "``",
  "```",
  "```sh",
  "~~~",
  "~~x~~",
  "**b**",
  "__b__",
  "*i*",
  "_i_",
  "# h",
  "#",
  "===",
  "---",
  "***",
  "+ a",
  "1. a",
  "1) a",
  "12345678. x",
  "> q",
  ">",
  "|",
  "| a | b |",
  "|---|",
  "\\",
  "\\*",
  "\\@",
  "\n",
  "\n\n",
  "\r\n",
  "\t",
  "    ",
  "  \n",
  "\u200b",
  "\u202e",
  "\u001b[31m",
  "\u0000",
  "\u00ad",
  "é",
  "名前",
  "😀",
  "\ud83d",
  "<details>",
  "<https://evil.example>",
  '"',
  "'",
  "::error::x",
  "##[error]",
  "(",
  ")",
  "!",
  "!",
  "=",
  "-",
  "+",
  ".",
  "1",
]; // prettier-ignore
