/**
 * What secrets look like by themselves: vendor prefixes, tokens with a structure, password hashes, addresses of people.
 *
 * Every pattern is linear: it starts at a literal or a boundary, repeats only bounded or disjoint classes, never nests
 * repetitions. `hints` are literals, one of which the text must hold before the pattern is tried at all.
 */
export interface SecretShape {
  readonly kind: string; // shown as [redacted: kind]
  readonly hints: readonly string[];
  readonly pattern: RegExp; // global
  /** Whether this match is worth hiding; default: always. */
  readonly hides?: (found: string) => boolean;
}

function shape(kind: string, hints: string, pattern: RegExp): SecretShape {
  return { kind, hints: hints.split(" "), pattern };
}

const CLOUDS: readonly SecretShape[] = [
  shape("aws-key-id", "AKIA ASIA ABIA ACCA AGPA AIDA AROA ANPA", /\b(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\b/g),
  shape("aws-token", "bedrock-api-key- ABSK", /\b(?:bedrock-api-key-|ABSK)[A-Za-z0-9+/=]{40,400}/g),
  shape("azure-key", "==", /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/g),
  shape("azure-secret", "Q~", /(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/g),
  shape("azure-devops-token", "AZDO", /\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b/g),
  shape("google-key", "AIza", /\bAIza[\w-]{35}/g),
  shape("google-secret", "GOCSPX-", /\bGOCSPX-[\w-]{20,40}/g),
  shape("google-token", "ya29. 1//0", /\bya29\.[\w.-]{20,600}|\b1\/\/0[\w-]{30,200}/g),
  shape("digitalocean-token", "_v1_", /\bdo[opr]_v1_[a-f0-9]{64}/g),
  shape("heroku-key", "HRKU-", /\bHRKU-[\w-]{30,100}/g),
  shape("dynatrace-token", "dt0", /\bdt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}/g),
  shape("databricks-token", "dapi", /\bdapi[a-f0-9]{32}(?:-\d)?\b/g),
  shape("vercel-token", "vcp_ vci_ vca_ vcr_ vck_", /\bvc[piark]_[A-Za-z0-9]{24,80}/g),
  shape("planetscale-token", "pscale_", /\bpscale_(?:tkn|pw|oauth)_[\w=.-]{30,80}/g),
  shape("supabase-key", "sbp_ sb_secret_", /\b(?:sbp_[a-f0-9]{40}|sb_secret_[\w-]{20,80})/g),
  shape("aws-token", "amzn.mws. da2-", /\bamzn\.mws\.[a-f0-9]{8}-[a-f0-9-]{27}|\bda2-[a-z0-9]{26}\b/g),
  shape("alibaba-key", "LTAI", /\bLTAI[A-Za-z0-9]{12,30}\b/g),
  shape("tailscale-key", "tskey-", /\btskey-[\w-]{10,120}/g),
  shape("cloudflare-token", "v1.0-", /\bv1\.0-[a-f0-9]{24}-[a-f0-9]{100,160}/g),
  shape("pulumi-token", "pul-", /\bpul-[a-f0-9]{40}\b/g),
  shape("render-token", "rnd_", /\brnd_[A-Za-z0-9]{20,60}/g),
  shape("netlify-token", "nfp_ nfc_", /\bnf[pc]_[A-Za-z0-9]{30,60}/g),
  shape("scaleway-key", "SCW", /\bSCW[A-Z0-9]{17}\b/g),
  shape("ibm-key", "ApiKey-", /\bApiKey-[a-f0-9]{8}-[a-f0-9-]{27}/g),
  shape("fly-token", "FlyV1 fo1_", /\bFlyV1 fm\d[\w+/=,-]{40,800}|\bfo1_[\w-]{40,60}/g),
];

const FORGES: readonly SecretShape[] = [
  shape("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", /\bgh[pousr]_[A-Za-z0-9_]{20,255}/g),
  shape("github-token", "github_pat_", /\bgithub_pat_[A-Za-z0-9_]{20,255}/g),
  shape("gitlab-token", "gl", /\bgl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[\w.-]{16,300}/g),
  shape("gitlab-token", "GR1348941", /\bGR1348941[\w-]{20,60}/g),
  shape("bitbucket-token", "ATBB ATATT3 ATCTT3", /\b(?:ATBB[A-Za-z0-9]{24,40}|AT[AC]TT3[\w=-]{60,300})/g),
  shape("npm-token", "npm_", /\bnpm_[A-Za-z0-9]{30,60}/g),
  shape("pypi-token", "pypi-", /\bpypi-[\w-]{16,400}/g),
  shape("rubygems-key", "rubygems_", /\brubygems_[a-f0-9]{48}/g),
  shape("cargo-token", "cio", /\bcio[A-Za-z0-9]{32}\b/g),
  shape("nuget-key", "oy2", /\boy2[a-z0-9]{43}\b/g),
  shape("docker-token", "dckr_", /\bdckr_(?:pat|oat)_[\w-]{20,60}/g),
  shape("artifactory-key", "AKCp cmVmdGtu", /\bAKCp[A-Za-z0-9]{50,120}|\bcmVmdGtu[A-Za-z0-9]{50,80}/g),
  shape("vault-token", "hvs. hvb. hvr.", /\bhv[sbr]\.[\w-]{24,200}/g),
  shape("terraform-token", ".atlasv1.", /\b[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,80}/g),
  shape("doppler-token", "dp.", /\bdp\.(?:ct|pt|st|sa|scim|audit)\.[\w.-]{20,80}/g),
  shape("postman-key", "PMAK-", /\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}/g),
  shape("onepassword-token", "ops_eyJ", /\bops_eyJ[\w=-]{100,4000}/g),
  shape("gitea-token", "gta_ ", /\bgta_[a-f0-9]{40}\b/g),
  shape("buildkite-token", "bkua_ bkat_", /\bbk(?:ua|at|ct)_[a-f0-9]{32,60}/g),
  shape("circleci-token", "CCIPAT_ CCIPRJ_", /\bCCIP(?:AT|RJ)_[\w-]{20,100}/g),
  shape("sonar-token", "squ_ sqp_ sqa_", /\bsq[upa]_[a-f0-9]{40}/g),
  shape("stackhawk-key", "hawk.", /\bhawk\.[\w-]{18,30}\.[\w-]{18,30}/g),
  shape("jfrog-token", "cmVmd", /\bcmVmd[A-Za-z0-9]{40,90}/g),
  shape("age-key", "AGE-SECRET-KEY-", /\bAGE-SECRET-KEY-1[0-9A-Z]{58}/g),
];

const SERVICES: readonly SecretShape[] = [
  shape("slack-token", "xox xapp-", /\b(?:xox[abceoprs]-|xoxe\.xox[bp]-|xapp-\d-)[\w-]{8,400}/g),
  shape("slack-webhook", "hooks.slack.com", /(?:https:\/\/)?hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{20,200}/g),
  shape(
    "teams-webhook",
    "IncomingWebhook webhook",
    /https:\/\/[\w.-]{1,80}\/webhook(?:b2)?\/[\w@-]{20,100}\/IncomingWebhook\/[\w/-]{20,200}/g,
  ),
  shape("discord-webhook", "/api/webhooks/", /(?:https:\/\/)?discord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/[\w-]{30,100}/g),
  shape("discord-token", ".", /\b[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,38}\b/g),
  shape("telegram-token", ":AA", /\b\d{8,10}:AA[\w-]{33}\b/g),
  shape("stripe-key", "sk_ rk_", /\b[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,250}/g),
  shape("webhook-secret", "whsec_", /\bwhsec_[A-Za-z0-9+/=]{20,100}/g),
  shape("square-key", "sq0", /\bsq0[a-z]{3}-[\w-]{22,60}/g),
  shape("shopify-token", "shp", /\bshp(?:at|ca|pa|ss|ua)_[A-Za-z0-9]{32}/g),
  shape("twilio-key", "SK", /\bSK[a-f0-9]{32}\b/g),
  shape("sendgrid-key", "SG.", /\bSG\.[\w-]{16,32}\.[\w-]{16,64}/g),
  shape("mailgun-key", "key-", /\bkey-[a-f0-9]{32}\b/g),
  shape("mailchimp-key", "-us", /\b[a-f0-9]{32}-us\d{1,2}\b/g),
  shape(
    "grafana-token",
    "glsa_ glc_ eyJrIjoi",
    /\b(?:glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[\w+/=-]{32,400}|eyJrIjoi[\w+/=-]{40,400})/g,
  ),
  shape("newrelic-key", "NR", /\bNR(?:AK|AA|II|IQ|RA|AL|JS|BR|SP)-[\w-]{20,60}/g),
  shape("newrelic-key", "NRAL", /\b[a-z0-9]{36}NRAL\b/g),
  shape("pixie-key", "px-", /\bpx-(?:api|dep)-[a-f0-9]{8}-[a-f0-9-]{27}/g),
  shape("sentry-token", "sntry", /\bsntry[us]_[\w+/=-]{30,300}/g),
  shape(
    "launchdarkly-key",
    "sdk- api- mob-",
    /\b(?:sdk|api|mob)-[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12}\b/g,
  ),
  shape("linear-key", "lin_api_", /\blin_api_[A-Za-z0-9]{32,60}/g),
  shape("notion-token", "ntn_ secret_", /\b(?:ntn_\d{11}[A-Za-z0-9]{32,40}|secret_[A-Za-z0-9]{43})\b/g),
  shape("airtable-token", "pat", /\bpat[A-Za-z0-9]{14}\.[a-f0-9]{64}/g),
  shape("figma-token", "figd_", /\bfigd_[\w-]{30,80}/g),
  shape("salesforce-token", "00D", /\b00D[A-Za-z0-9]{12,15}![\w.]{60,200}/g),
  shape("adafruit-key", "aio_", /\baio_[A-Za-z0-9]{28}\b/g),
  shape("dependency-track-key", "odt_", /\bodt_[A-Za-z0-9]{32,60}/g),
  shape("facebook-token", "EAA", /\bEAA[A-Za-z0-9]{40,400}/g),
  shape("dropbox-token", "sl.", /\bsl\.(?:u\.)?[\w-]{60,1500}/g),
  shape("mapbox-token", ".eyJ", /\b[ps]k\.eyJ[\w-]{20,200}\.[\w-]{16,40}/g),
  shape("adobe-secret", "p8e-", /\bp8e-[\w-]{24,40}/g),
  shape("datadog-key", "ddapi_ ddapp_ pub", /\bdda(?:pi|pp)_[A-Za-z0-9]{30,60}|\bpub[a-f0-9]{32}\b/g),
  shape("sentry-dsn", "@", /\b[a-f0-9]{32}(?::[a-f0-9]{32})?(?=@[\w.-]{1,100}\/\d)/g),
  shape("atlassian-token", "ATATT ATCTT", /\bAT[AC]TT[\w=.-]{20,400}/g),
  shape("intra42-token", "s-s4t2", /\bs-s4t2(?:ud|af)-[a-f0-9]{64}/g),
  shape("pagerduty-key", "+", /\bu\+[A-Za-z0-9_-]{18}\b/g),
  shape("contentful-token", "CFPAT-", /\bCFPAT-[\w-]{40,50}/g),
  shape("typeform-token", "tfp_", /\btfp_[\w.-]{40,70}/g),
  shape("easypost-key", "EZ", /\bEZ[AT]K[A-Za-z0-9]{54}/g),
  shape("frame-token", "fio-u-", /\bfio-u-[\w=-]{60,70}/g),
  shape("plaid-token", "access-", /\baccess-(?:sandbox|development|production)-[a-f0-9]{8}-[a-f0-9-]{27}/g),
  shape("razorpay-key", "rzp_", /\brzp_(?:live|test)_[A-Za-z0-9]{14,24}/g),
  shape("flutterwave-key", "FLWSECK", /\bFLWSECK(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-X)?/g),
  shape("sendinblue-key", "xkeysib- xsmtpsib-", /\bx(?:keysib|smtpsib)-[a-f0-9]{64}-[A-Za-z0-9]{16}/g),
  shape("square-key", "EAAA", /\bEAAA[\w-]{60}/g),
  shape("rootly-key", "rootly_", /\brootly_[a-f0-9]{40,80}/g),
  shape("zapier-webhook", "hooks.zapier.com", /(?:https:\/\/)?hooks\.zapier\.com\/hooks\/[\w/-]{8,100}/g),
  shape("webhook", "webhook", /https:\/\/[\w.-]{1,80}\/webhooks?\/v?\d?\/?(?=[\w-]{0,80}\d)[\w-]{24,120}/g),
  shape("segment-token", "sgp_", /\bsgp_[A-Za-z0-9]{64}/g),
];

const MODELS: readonly SecretShape[] = [
  shape("anthropic-key", "sk-ant-", /\bsk-ant-[\w-]{20,200}/g),
  shape("openai-key", "sk-", /\bsk-(?:(?:proj|svcacct|admin|None|or-v1)-[\w-]{20,250}|[A-Za-z0-9]{32,250}\b)/g),
  shape("huggingface-token", "hf_ api_org_", /\b(?:hf|api_org)_[A-Za-z0-9]{30,60}/g),
  shape("groq-key", "gsk_", /\bgsk_[A-Za-z0-9]{40,80}/g),
  shape(
    "model-key",
    "nvapi- fw_ co_ sk_ pcsk_ lsv2_",
    /\bnvapi-[\w-]{40,90}|\bfw_[A-Za-z0-9]{20,40}|\bpcsk_[\w-]{40,90}|\blsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}|\bsk_[a-f0-9]{48}\b/g,
  ),
  shape("model-key", "jina_ pplx- xai- r8_ tgp_v1_", /\b(?:jina_|pplx-|xai-|r8_|tgp_v1_)[\w-]{32,120}/g),
];

const STRUCTURES: readonly SecretShape[] = [
  shape("jwt", "eyJ", /\beyJ[\w=-]{8,4000}\.[\w=-]{8,8000}(?:\.[\w=-]{1,2000}){0,3}/g),
  shape("wallet-key", "0x", /\b0x[a-fA-F0-9]{64}\b/g),
  shape("account-id", "arn:", /(?<=\barn:aws[\w-]{0,10}:[\w-]{0,40}:[\w-]{0,20}:)\d{12}\b/g),
  shape("password-hash", "{SSHA {SHA", /\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{20,120}={0,2}/g),
  shape(
    "password-hash",
    "::",
    /(?<![\w.-])[\w.-]{1,60}::[\w.-]{0,60}:[a-fA-F0-9]{16,48}:[a-fA-F0-9]{32,48}:[a-fA-F0-9]{16,1000}/g,
  ),
  shape("password-hash", ":::", /\b[a-fA-F0-9]{32}:[a-fA-F0-9]{32}(?=:::)/g),
  shape(
    "password-hash",
    "$",
    /(?<![\w$])\$(?:1|apr1|2[abxy]?|5|6|7|8|9|y|scrypt|pbkdf2-\w{3,8}|argon2(?:i|d|id)|krb5\w{2,8})\$[^\s"'<>]{20,4000}/g,
  ),
  shape(
    "e-mail",
    "@",
    /(?<![\p{L}\p{N}.!#$%&*+/=?^_{|}~-])(?!git@)[\p{L}\p{N}._%+-]{1,128}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu,
  ),
];

/** Long, and of letters and digits as mixed as chance makes them: what no vendor's prefix tells. */
const OPAQUE: SecretShape = {
  kind: "opaque",
  hints: "0 1 2 3 4 5 6 7 8 9".split(" "),
  pattern: /(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,4000}={0,2}(?![A-Za-z0-9+/_=-])/g,
  hides: looksRandom,
};
/** In random letters and digits six of ten neighbours are of different kinds, in names of code two or three. */
const RANDOM_CHANGES = 0.4;
const RANDOM_LENGTH = 16;

/** Paths and compound names have short parts: one part alone must look random. */
export function looksRandom(word: string): boolean {
  return word.split(/[/_+=-]/).some((part) => part.length >= RANDOM_LENGTH && isMixed(part.slice(0, 200)));
}

function isMixed(part: string): boolean {
  if (!/[a-z]/.test(part) || !/[A-Z]/.test(part) || !/\d.*\d/.test(part)) return false;
  const kinds = Array.from(part, kindOf);
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return changes >= RANDOM_CHANGES * kinds.length;
}

function kindOf(character: string): number {
  if (character >= "0" && character <= "9") return 0;
  return character >= "a" ? 1 : 2;
}

export const SECRET_SHAPES: readonly SecretShape[] = [...CLOUDS, ...FORGES, ...SERVICES, ...MODELS, ...STRUCTURES, OPAQUE];
