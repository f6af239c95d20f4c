/** Label matchers of PromQL from plain values. @see https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals */

/** Label names and their values as people write them; a value that begins with `~` is a regular expression of Prometheus (RE2). */
export type LabelMatchers = Readonly<Record<string, string>>;

const REGEX_MARK = "~";
/** What a string in double quotes cannot hold as it is: quotes, backslashes, controls, half characters and their replacement. */
const UNQUOTABLE = /["\\\p{Cc}\p{Cs}\ufffd]/gu;

/** `namespace="shop",pod=~"checkout-.*"`: what stands between the braces of a selector. */
export function writeMatchers(labels: LabelMatchers): string {
  return Object.entries(labels)
    .map(([name, value]) => writeMatcher(name, value))
    .join(",");
}

function writeMatcher(name: string, value: string): string {
  return value.startsWith(REGEX_MARK)
    ? `${name}=~${quotePromql(value.slice(REGEX_MARK.length))}`
    : `${name}=${quotePromql(value)}`;
}

/** A string literal that means exactly this text, whatever is in it; half of a surrogate pair becomes U+FFFD. */
export function quotePromql(text: string): string {
  return `"${text.replaceAll(UNQUOTABLE, escapeOne)}"`;
}

function escapeOne(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  const code = /\p{Cs}/u.test(character) ? 0xfffd : (character.codePointAt(0) ?? 0xfffd);
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
