import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactField } from "../../src/outside/redact.js";

/** Made up when the test runs, so that no scanner of repositories takes this file for a leak. */
function madeUp(prefix: string, length: number, alphabet = "a1B2c3D4e5F6g7H8"): string {
  return prefix + alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
}
const PRIVATE = "private".toUpperCase();
const HEX = "0a1b2c3d4e5f6789";

const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  ["aws-key-id", madeUp("AKIA", 16, "ABCD2345")],
  ["github-token", madeUp("ghp_", 36)],
  ["github-token", madeUp("ghs_", 36)],
  ["github-token", madeUp("github_pat_", 82)],
  ["gitlab-token", madeUp("glpat-", 20)],
  ["slack-token", madeUp("xoxb-", 40, "1234567890-")],
  ["slack-webhook", `https://hooks.slack.com/services/${madeUp("T", 9)}/${madeUp("B", 9)}/${madeUp("", 24)}`],
  ["stripe-key", madeUp("sk_live_", 24)],
  ["google-key", madeUp("AIza", 35)],
  ["google-token", madeUp("ya29.", 60)],
  ["anthropic-key", madeUp("sk-ant-api03-", 80)],
  ["openai-key", madeUp("sk-proj-", 80)],
  ["openai-key", madeUp("sk-", 48)],
  ["npm-token", madeUp("npm_", 36)],
  ["pypi-token", madeUp("pypi-AgEIcHlwaS5vcmc", 60)],
  ["twilio-key", madeUp("SK", 32, HEX)],
  ["sendgrid-key", `${madeUp("SG.", 22)}.${madeUp("", 43)}`],
  ["azure-key", `${madeUp("", 86)}==`],
  ["digitalocean-token", madeUp("dop_v1_", 64, HEX)],
  ["vault-token", madeUp("hvs.", 30)],
  ["huggingface-token", madeUp("hf_", 34)],
  ["jwt", `${madeUp("eyJ", 30)}.${madeUp("eyJ", 60)}.${madeUp("", 43)}`],
  ["password-hash", `$2b$12$${madeUp("", 53)}`],
  ["e-mail", "ada.lovelace@mail.example.com"],
  ["e-mail", "jürgen@bücher.example"],
];

describe("a secret by its shape", () => {
  it.each(SECRETS)("%s is hidden, and nothing around it", (kind, secret) => {
    expect(redact(`retry 3 of ${secret} failed`).outside).toBe(`retry 3 of [redacted: ${kind}] failed`);
  });

  it.each(SECRETS)("%s is hidden although invisible characters split it", (_kind, secret) => {
    for (const unseen of ["\u200b", "\u202e", "\u00ad", "\u001b[0m", "\u0000", "\ufe0f", "\u2063"]) {
      const split = Array.from(secret).join(unseen);
      expect(redact(`x ${split} y`).outside).toBe(redact(`x ${secret} y`).outside);
    }
  });
});

const VALUE = madeUp("", 24);

describe("a secret by its context", () => {
  it.each([
    ["password=hunter2", "password=[redacted: password]"],
    ["password=$uper$ecret1", "password=[redacted: password]"],
    ['"password": "$3cretP@ss"', '"password": "[redacted: password]"'],
    ["pin password=000000", "pin password=[redacted: password]"],
    ["DB_PASSWORD: hunter2", "DB_PASSWORD: [redacted: password]"],
    [`"adminPassword": "hunter 2"`, `"adminPassword": "[redacted: password]"`],
    [String.raw`{\"password\":\"hunter2\"}`, String.raw`{\"password\":\"[redacted: password]\"}`],
    ['password="hunter2', "password=[redacted: password]"],
    [`secret: "${"ab12".repeat(500)}"`, 'secret: "[redacted: token]"'],
    [`token=${"ab12".repeat(500)}`, "token=[redacted: token]"],
    ["pwd='x y' host=db", "pwd='[redacted: password]' host=db"],
    [`api_key: ${VALUE}`, "api_key: [redacted: token]"],
    [`client_secret=${VALUE}&grant=x`, "client_secret=[redacted: token]&grant=x"],
    [`https://api.example/v1?token=${VALUE}&page=2`, "https://api.example/v1?token=[redacted: token]&page=2"],
    [`aws_secret_access_key = ${VALUE}`, "aws_secret_access_key = [redacted: token]"],
    [`Authorization: Bearer ${VALUE}`, "Authorization: Bearer [redacted: authorization]"],
    ["authorization: Basic dXNlcjpwYXNz", "authorization: Basic [redacted: authorization]"],
    [`"Authorization": "token ${VALUE}"`, `"Authorization": "token [redacted: authorization]"`],
    [`got bearer ${VALUE}`, "got bearer [redacted: bearer-token]"],
    ["Set-Cookie: sid=abc; Path=/", "Set-Cookie: [redacted: cookie]"],
    ["postgres://app:s3cr3t@db:5432/shop", "postgres://[redacted: url-credentials]@db:5432/shop"],
    ["amqp://user:p@ss@mq:5672", "amqp://[redacted: url-credentials]@mq:5672"],
    ["AccountName=shop;AccountKey=abcdefgh12345678;", "AccountName=[redacted: account];AccountKey=[redacted: token];"],
    ["curl -u admin:hunter2 https://x.example", "curl -u [redacted: credentials] https://x.example"],
    [`login --token ${VALUE} --verbose`, "login --token [redacted: token] --verbose"],
    ["the password for user 'app' is 'hunter2'", "the password for user '[redacted: account]' is '[redacted: password]'"],
    ["machine api.example\n  login ada\n  password hunter2", "machine [redacted: credentials]"],
    ["username 'ada'\n  password 'hunter2'", "username '[redacted: account]'\n  password '[redacted: password]'"],
    ['{"auths":{"x":{"auth":"YWRhOmh1bnRlcjI="}}}', '{"auths":{"x":{"auth":"[redacted: credentials]"}}}'],
    ["db.example:5432:shop:ada:hunter2x", "db.example:5432:shop:[redacted: credentials]"],
    ["kubeadm join --token abcdef.0123456789abcdef", "kubeadm join --token [redacted: token]"],
    ["docker login -u ada -p hunter2 r.example", "docker login -u ada -p [redacted: password] r.example"],
    ["redis-cli -h cache -a hunter2x ping", "redis-cli -h cache -a [redacted: password] ping"],
    ["sshpass -p 'hunter2' ssh web", "sshpass -p '[redacted: password]' ssh web"],
    ["Jenkins-Crumb: 0a1b2c3d4e5f67890a1b2c3d4e5f6789", "Jenkins-Crumb: [redacted: token]"],
  ])("%s", (text, expected) => {
    expect(redact(text).outside).toBe(expected);
  });

  it("is a private key of many lines, escaped line ends and all, even when its end was cut off", () => {
    const begin = `-----BEGIN RSA ${PRIVATE} KEY-----`;
    const end = `-----END RSA ${PRIVATE} KEY-----`;
    const lines = [begin, "Proc-Type: 4,ENCRYPTED", "", madeUp("", 64), madeUp("", 64), end];
    expect(redact(`a\n${lines.join("\n")}\nb`).outside).toBe("a\n[redacted: private-key]\nb");
    expect(redact(`{"key":"${lines.join("\\n")}"}`).outside).not.toContain(madeUp("", 64));
    expect(redact(lines.slice(0, 4).join("\n")).outside).toBe("[redacted: private-key]");
  });
});

describe("what is no secret stays", () => {
  it.each([
    "GET /orders/8f14e45f-ceea-467f-a0b6-5f3f2d9e7a11 200 in 31 ms",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 deployed as v1.42.0",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "10.0.12.7:5432 refused, retry 3/5, 2026-11-20T03:12:10.123Z",
    "Failed password for root from 10.0.0.1 port 22 ssh2",
    "sessionid: 0x14ede63a5a70002 zxid:0x100000010",
    "max_tokens=4096 input_tokens=200000 tokens: 12",
    "password: required, token: expired, secret: not found",
    "token=${TOKEN} password=$PASSWORD",
    "password=$DB_PASS token=$(cat token) password=${PASS}",
    "AccountName={2};AccountKey={3};",
    'passwordLabel: "Password:"',
    '"password": "&lt;YOURS&gt;"',
    "InstrumentationKey=00000000-0000-0000-0000-000000000000;",
    "tests pass: 12, fail: 0, license: Apache-2.0, primary_key=order_123",
    "tokenizer: loaded, passwordless=true, author: ada",
    "Bad activity token: android.os.BinderProxy@2bd79ce",
    "git clone git@github.com:acme/shop.git",
    "pull of registry.example/shop@sha256 failed",
    "Basic authentication is required: Authorization header missing",
    "@octocat @acme/payments #12 checkout-7d9f8b6c5-x2x9z",
  ])("%s", (text) => {
    expect(redact(text).outside).toBe(text);
  });
});

describe("cutting", () => {
  it("says how much is gone and keeps to the limit", () => {
    const { outside } = redact("word ".repeat(100), 100);
    expect(outside.length).toBeLessThanOrEqual(100);
    const cut = Number(/… \((\d+) characters cut\)$/.exec(outside)?.[1]);
    expect(cut + outside.indexOf("…")).toBe(500);
  });

  it("never leaves half a placeholder, nor half a character", () => {
    const text = `${"é😀".repeat(20)} ${madeUp("ghp_", 36)} ${"x".repeat(200)}`;
    for (let limit = 1; limit < 150; limit += 1) {
      const { outside } = redact(text, limit);
      expect(outside.length).toBeLessThanOrEqual(limit);
      expect(outside.replaceAll("[redacted: github-token]", "")).not.toMatch(/\[|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
    }
  });
});

const fragment = fc.oneof(
  fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
  fc.constantFrom(
    "password=",
    "token: ",
    '"secret": "',
    '"',
    "'",
    "Authorization: Bearer ",
    "https://",
    "u:p@",
    "[redacted: ",
    "[redacted: token]",
    "]",
    " ",
    "\n",
    ";",
    "\u200b",
    "\u001b[31m",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "@",
    ".com",
    "=",
    ":",
    "-u ",
    "psexec -p ",
    "cookie: a=",
    "password is '",
    "<password>",
    " --token ",
    "AccountName=",
    ";AccountKey=",
  ), // prettier-ignore
  fc.string({ maxLength: 12 }),
);
const mixed = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(""));

describe("for any text", () => {
  it("redacting twice changes nothing more", () => {
    fc.assert(
      fc.property(mixed, fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }), (text, limit) => {
        const once = redact(text, limit);
        expect(redact(once.outside, limit)).toEqual(once);
      }),
      { numRuns: 3_000 },
    );
  });

  it("no unmistakable secret survives between spaces", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SECRETS), mixed, mixed, ([, secret], before, after) => {
        expect(redact(`${before} ${secret} ${after}`).outside.split(/\s/)).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });

  it("nothing invisible is left", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(redact(text).outside).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});

describe("one megabyte made to be slow", () => {
  it.each([
    ["one long word", "a"],
    ["digits", "1"],
    ["words", "lorem ipsum "],
    ["key names", "password"],
    ["assignments", "password="],
    ["quotes", 'token="'],
    ["backslashes", 'secret=\\"'],
    ["at signs", "a@"],
    ["dotted mail", "a@b."],
    ["URLs", "https://"],
    ["URLs with users", "https://a:b"],
    ["key blocks", `-----BEGIN ${PRIVATE} KEY-----`],
    ["dashes", "-"],
    ["token starts", "eyJ"],
    ["tokens", "eyJaaaaaaaa."],
    ["escapes", "\u001b["],
    ["unended escapes", "\u001b]0;"],
    ["spaces", " "],
    ["placeholders", "[redacted: token]"],
    ["dollars", "$1$"],
    ["prefixes", "ghp_ sk- AKIA xox glpat- SG. "],
    ["authorization", "authorization: "],
    ["cookies", "cookie: a="],
    ["flags", " --token"],
    ["prose", "password is "],
    ["markup", "<password>"],
    ["commands", "psexec -u mysql -u "],
    ["brackets", "["],
    ["users", "user=x "],
    ["users before passwords", "user=x password=y "],
    ["angle brackets", "<!--"],
  ])("%s takes under half a second", (_name, unit) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    redact(text.slice(0, 10_000));
    const started = performance.now();
    redact(text);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("redactField", () => {
  it.each([
    ["password", "hunter2", "[redacted: field]"],
    ["api_key", "abcd1234efgh", "[redacted: field]"],
    ["summary", "error rate is 37%", "error rate is 37%"],
    ["note", `token=${VALUE} seen`, "token=[redacted: token] seen"],
  ])("%s: %s", (name, value, expected) => {
    expect(redactField(name, value).outside).toBe(expected);
  });
});
