/**
 * Secrets that only the words around them give away: `password=…`, headers, addresses with credentials, key blocks.
 * The words stay, the value goes. Same rule for the patterns as in `secret-patterns.ts`: linear, bounded, no nesting.
 */
export interface SecretContext {
  readonly kind: string;
  readonly hints: RegExp | null; // a cheap look before the pattern itself; null: always tried
  /** Global. Group 1 stays; what follows it is the secret (group 2), what follows that is group 3, which stays too. */
  readonly pattern: RegExp;
  /** Whether this value is worth hiding; default: always. */
  readonly hides?: (value: string, lead: string) => boolean;
}

const PLACEHOLDER = "\\[redacted: [a-z0-9-]{1,30}\\]";
const QUOTED = `\\\\{0,3}"(?:[^"\\\\\\n]|\\\\[^"\\n]){1,8000}\\\\{0,3}"|\\\\{0,3}'[^'\\n]{1,8000}'|\`[^\`\\n]{1,8000}\``;
const BARE = `(?:${PLACEHOLDER}|[^\\s"'\`,;&|<>(){}\\[\\]\\\\]){1,8000}`;
/** A quote that never ends is where a line was cut off. */
const VALUE = `${QUOTED}|${BARE}|\\\\{0,3}["'\`]${BARE}`;
/** After the name: closing quotes or brackets, then `=`, `:`, `=>`, `:=`, `==`, `!=`, or a comma between two quoted words. */
const SEPARATOR = `["'\`\\\\\\])]{0,4}[ \\t]{0,24}(?:=>|:=|[!=]==?|=|:|(?<=["'][ \\t]{0,4}),)[ \\t]{0,8}(?:\\n[ \\t]{0,12}(?=["']))?`;

/** Names that are long enough to be recognised inside a longer one (`SHOP_PASSWORD`, `AdminPassword`). */
const PASSWORDS = "password|passwd|passphrase|passwrd|(?<![a-z])(?:pwd|pass|pw)|(?<=[a-z])(?:Pwd|_pwd|_pass)";
const TOKENS = [
  "secret[_.-]?access[_.-]?key",
  "secret(?:[_.-]?(?:key|token|value|id))?",
  "(?:access|auth|bearer|refresh|id|api|bot|personal|session|security|csrf|xsrf|push|deploy)?[_.-]?token",
  "(?:api|access|private|encryption|signing|account|license|deploy|ssh|service|master|auth|insert|query|io|developer|preshared|consumer|integration|routing|storage|admin|instrumentation|device)[_.-]?key",
  "(?:github|gitlab|jina|openai|anthropic|linkedin|twitter|mailgun|stripe|sendgrid)[_.-]?(?:key|api|secret)",
  "secret[_.-]?key[_.-]?base",
  "(?:hmac|subscription)[_.-]?key",
  "(?:jenkins[_.-]?)?crumb",
  "x-amz-(?:signature|security-token)",
  "credentials?",
  "sonar\\.?login",
  "(?<![a-z])(?:_auth|sig|pat|jsessionid|sessionid|phpsessid)",
].join("|");

function assignment(names: string): RegExp {
  return new RegExp(`((?:${names})${SEPARATOR})(${VALUE})()`, "gi");
}

/** Words about a value, names that stand for one (`$DB_PASS`, `{2}`, `<password>`, `$(…)`), calls, and keys that are all zeros. */
const HARMLESS =
  /^(?:null|nil|none|true|false|undefined|empty|missing|required|expired|invalid|incorrect|wrong|changed|unknown|not|is|was|are|yes|no|ok|failed|string|text|\*+|x+|\.{3,}|-+|%[a-z]\b.*|\$(?:\{?[a-z_]\w*(?:[}.[:>-].*)?)?|\$\(.*|\{\{.*|\{\d{1,3}\}|<.*|&lt;.*|0[0-]{15,}|pass(?:word|wd|phrase)?:|env\b.*|process\..*|os\..*|new\b.*|get\w*)$/i;

function bareValue(value: string): string {
  return value.replace(/^[\\"'`]+|[\\"'`]+$/g, "");
}

function hidesPassword(value: string, lead: string): boolean {
  const isCount = /^pass\b/i.test(lead) && /^\d{1,6}[.,)]?$/.test(value); // "pass: 12, fail: 0"
  return !isCount && !HARMLESS.test(bareValue(value));
}

/** Counts and times, hexadecimal numbers, qualified names of code (`android.os.Binder@2bd79ce`), calls. */
const NOT_A_TOKEN =
  /^(?:[\d.,:]{1,12}|0x[\da-fA-F]+|(?:[a-z][\w$]{0,20}\.){1,8}[A-Za-z_][\w$]{0,40}(?:[@/:][\w:]*)?|[A-Z][a-z]+(?:[A-Z][a-z]+)+)$/;

/** Tokens are told from words and counts: long, or quoted, or with both letters and digits. */
function hidesToken(value: string): boolean {
  const bare = bareValue(value);
  if (bare.length < 6 || HARMLESS.test(bare) || NOT_A_TOKEN.test(bare)) return false;
  return value !== bare || bare.length >= 20 || (/\d/.test(bare) && /[a-z]/i.test(bare));
}

const BLOCK = "[ \\t]{1,40}[^\\n]{1,2000}";

/** How the files and command lines of well-known programs hold passwords. */
const COMMANDS_AND_FILES: readonly SecretContext[] = [
  {
    kind: "credentials", // .netrc
    hints: /\blogin\s[^\n]*\s{0,40}password\s/i,
    pattern:
      /(\b(?:machine|default)\s{1,20})((?:[^\s[]{1,200}\s{1,40})?login\s{1,20}[^\s]{1,200}\s{1,40}password\s{1,20}[^\s[]{1,200})()/gi,
  },
  {
    kind: "account",
    hints: /username\s/i,
    pattern: /(\busername[ \t]{1,8})("[^"\n]{1,200}"|'[^'\n]{1,200}')(?=\s{1,40}password)()/gi,
  },
  {
    kind: "password",
    hints: /pass(?:word|wd)[ \t]+["']/i,
    pattern: /(\bpass(?:word|wd)[ \t]{1,8})("[^"\n]{1,200}"|'[^'\n]{1,200}')()/gi,
    hides: hidesPassword,
  },
  { kind: "credentials", hints: /"auth"/, pattern: /("auth"\s{0,4}:\s{0,4}")([A-Za-z0-9+/]{8,2000}={0,2})(")/g },
  {
    kind: "credentials", // .pgpass
    hints: /:(?:5432|5433|6432|\*):/,
    pattern: /(?<![\w.*:-])([\w.*-]{1,100}:(?:5432|5433|6432|\*):[\w*-]{1,60}:)([\w*.@-]{1,60}:[^\s:[]{1,200})()/g,
  },
  {
    kind: "token",
    hints: /kubeadm|bootstrap/i,
    pattern: /(\b(?:kubeadm|bootstrap)[^\n]{0,200}?)(\b[a-z0-9]{6}\.[a-z0-9]{16}\b)()/gi,
  },
  {
    kind: "password",
    hints: /\blogin\b/,
    pattern: /(\blogin\b[^\n]{0,200}?\s(?:-p|--password)[ =]["']?)([^\s"'[-][^\s"'[]{0,200})()/g,
  },
  {
    kind: "password",
    hints: /redis-cli|openssl|sshpass/,
    pattern: /(\b(?:redis-cli|openssl|sshpass)\b[^\n]{0,200}?\s-(?:a|k|p)\s{1,2}["']?)([^\s"'[-][^\s"'[]{0,200})()/g,
  },
];

export const SECRET_CONTEXTS: readonly SecretContext[] = [
  {
    kind: "private-key",
    hints: /-----BEGIN /,
    pattern:
      /()(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,20000}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?)()/g,
  },
  {
    kind: "authorization",
    hints: /authorization/i,
    pattern: new RegExp(
      `(authorization["'\`\\\\\\]]{0,4}\\s{0,3}[:=,]\\s{0,3}["'\`\\\\]{0,3}(?:(?:bearer|basic|digest|token|ssws|apikey|negotiate|aws4-hmac-sha256)[: ]\\s{0,3})?)((?:${PLACEHOLDER}|[^\\s"'\`\\\\,;[]){3,4000})()`,
      "gi",
    ),
    hides: (value) => !/^(?:bearer|basic|digest|token|required|failed|denied|header|null|none)$/i.test(value),
  },
  { kind: "bearer-token", hints: /bearer/i, pattern: /(\bbearer:?\s{1,3})([A-Za-z0-9._~+/=-]{16,4000})()/gi },
  {
    kind: "cookie",
    hints: /cookie/i,
    pattern: /(\b(?:set-)?cookie["']?\s{0,2}:\s{0,2}["']?)([^\s=;"']{1,100}=[^\n"']{1,4000})()/gi,
  },
  {
    kind: "url-credentials",
    hints: /:\/\//,
    pattern: /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}:\/\/)([^\s/?#"'<>`]{1,400})(@)/gi,
    hides: (value) => value.includes(":") || value.length >= 16,
  },
  {
    kind: "password",
    hints: /<add |<[a-z]*(?:password|secret|token)>/i,
    pattern:
      /((?:password|secret|token|apikey)["']\s{1,4}value=["']|<[a-z_-]{0,20}(?:password|secret|token)>)([^"'<\n]{1,600})()/gi,
  },
  {
    kind: "password",
    hints: /(?:password|passphrase|secret)\b/i,
    pattern: /(\b(?:password|passphrase|secret)\b[^\n.;=]{0,60}?\b(?:is|was)\s{1,2}["'`])([^"'`\n]{1,200})()/gi,
  },
  {
    kind: "password",
    hints: /psexec|mysql|sshpass|ldap/i,
    pattern: /(\b(?:psexec(?:\.exe)?|mysql\w{0,10}|sshpass|ldap\w{1,10})\b[^\n]{0,200}?\s-[pw]\s?)([^\s"'[-][^\s"'[]{0,200})()/gi,
  },
  { kind: "credentials", hints: /\s-u|--user/, pattern: /(\s(?:-u|--user)[ =]["']?)([^\s:"']{1,200}:[^\s"']{1,400})()/g },
  {
    kind: "credentials",
    hints: /NetworkCredential|DirectoryEntry/,
    pattern: /((?:NetworkCredential|DirectoryEntry)\()([^()\n]{1,300}(?:\n[^()\n]{1,300}){0,4})(\))/g,
  },
  {
    kind: "token",
    hints: /--?\w*(?:pass|token|secret|key)/i,
    pattern:
      /(\s--?(?:[a-z]{0,20}-)?(?:password|passwd|passphrase|token|secret|api-?key|access-key|secret-key)[ \t]{1,4}["']?)(?!-)([^\s"'[]{4,600})()/gi,
    hides: hidesToken,
  },
  {
    kind: "account",
    hints: /AccountKey=|SharedAccessKey=|;Secret=/i,
    pattern: /((?:AccountName|SharedAccessKeyName|;Id)=)([^\s;"']{1,200})(?=;\s{0,4}(?:AccountKey|SharedAccessKey|Secret)=)()/gi,
    hides: hidesPassword,
  },
  {
    kind: "account",
    hints: /pass|pwd/i,
    pattern: new RegExp(
      `((?:user(?:[ _]?name|[ _]?id)?|login)${SEPARATOR})(${VALUE})(?=[\\s\\S]{0,80}?(?:password|pass|pwd)["']?\\s{0,3}(?:=>|[=:]))()`,
      "gi",
    ),
    hides: hidesPassword,
  },
  {
    kind: "account",
    hints: /password|passphrase/i,
    pattern:
      /(\b(?:password|passphrase|credentials?)\s{1,3}(?:for|of)\s{1,3}(?:the\s{1,3})?(?:[a-z]{1,20}\s{1,3})?(?:user|account|login|role)\s{1,3}["'`])([^"'`\n]{1,100})(["'`])/gi,
  },
  {
    kind: "account",
    hints: /client[_.-]?secret/i,
    pattern: new RegExp(
      `((?:client[_.-]?id|(?:auth0|okta|oidc|oauth|idp|sso|cognito|keycloak)[a-z0-9_.-]{0,30}(?:domain|tenant|issuer)[a-z_.-]{0,12})${SEPARATOR})(${VALUE})()`,
      "gi",
    ),
    hides: hidesPassword,
  },
  {
    kind: "account",
    hints: /;\s{0,4}(?:Secret|AccountKey|SharedAccessKey)=/i,
    pattern: /()(\bhttps?:\/\/[^\s;"'<>[]{1,300})(?=;\s{0,4}(?:Id|SharedAccessKeyName|AccountName)=)()/gi,
  },
  {
    kind: "account-id",
    hints: /account[_.-]?id/i,
    pattern: new RegExp(`(\\b(?:aws[_.-]?)?account[_.-]?id${SEPARATOR}["']?)(\\d{4}-?\\d{4}-?\\d{4}\\b)()`, "gi"),
  },
  {
    kind: "token",
    hints: /variable\s/,
    pattern:
      /(\bvariable\s{1,4}"[^"\n]{0,80}(?:token|secret|password|passwd|_key|credential)[^"\n]{0,40}"\s{0,4}\{[^{}]{0,300}?\bdefault\s{0,8}=\s{0,4}")([^"\n]{1,600})(")/gi,
    hides: hidesPassword,
  },
  ...COMMANDS_AND_FILES,
  { kind: "account", hints: /psexec/i, pattern: /(\s-u\s)([^\s"'[-][^\s"'[]{0,100})(\s-p\s)/gi },
  {
    kind: "block",
    hints: /:[ \t]{0,8}[|>][+-]?[ \t]{0,8}\n/,
    pattern: new RegExp(
      `((?:${PASSWORDS}|${TOKENS})["']?[ \\t]{0,8}:[ \\t]{0,8}[|>][+-]?[ \\t]{0,8}\\n)(${BLOCK}(?:\\n${BLOCK}){0,60})()`,
      "gi",
    ),
  },
  {
    kind: "password",
    hints: /[:=]\s{0,8}\[/,
    pattern: new RegExp(`((?:${PASSWORDS}|${TOKENS})["']?\\s{0,8}[:=]\\s{0,8}\\[\\s{0,40})(${QUOTED})()`, "gi"),
    hides: hidesPassword,
  },
  { kind: "password", hints: null, pattern: assignment(PASSWORDS), hides: hidesPassword },
  { kind: "token", hints: null, pattern: assignment(TOKENS), hides: hidesToken },
];
