/** What a reader sees before anything is unfolded: folded bodies, hidden comments and markup removed. */
export function visibleText(markdown: string): string {
  return markdown
    .replace(/<\/summary>[\s\S]*?<\/details>/g, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/<[^>]+>/g, " ");
}

export function countVisibleWords(markdown: string): number {
  return visibleText(markdown)
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
