/** The kinds of trouble that symptoms speak of. Pure. */
import type { Sign } from "./model.js";

/** Words of symptoms that show each kind. A change is asked which kinds it can bring about. */
const SHOWN_BY = {
  pool: /\bpool\b|pool_|too many (?:connections|clients)|connection (?:limit|slots)|max_?conns?|acquir(?:e|ing)\b.*conn|exhaust/i,
  timeout: /deadline|timed? ?out|timeout|cancel+ed/i,
  slow: /latency|slow|p9[059]|duration|response time|elapsed/i,
  cache: /\bcache|cache_|hit.?rat|stampede|evict/i,
  query: /\bquer(?:y|ies)|\bsql\b|\bselect\b|rows|statement|db_|database|full (?:table )?scan|seq scan/i,
  crash:
    /panic|nil pointer|null ?pointer|nullreference|cannot read propert|is not a function|is undefined|segfault|sigsegv|typeerror|attributeerror|keyerror|nameerror|index out of|out of range|unwrap|exception|division by zero|crash/i,
  startup:
    /crash.?loop|startup|start(?:ing)? up|failed to start|\binit\b|pod_restart|restart|readiness|not ready|ready_replicas|probe/i,
  memory:
    /\boom|out ?of ?memory|heap|memory|\brss\b|\bgc\b|gc_|goroutine|native thread|threads?_(?:live|count|total)|open files|file descriptor/i,
  cpu: /\bcpu|cpu_|event.?loop/i,
  dependency:
    /incompatible|version (?:conflict|mismatch)|duplicate registration|nosuchmethod|noclassdef|classnotfound|cannot find module|importerror|modulenotfound|undefined symbol|linkage|abi\b/i,
  schema:
    /does not exist|no such (?:table|column)|unknown (?:column|field|table)|undefined (?:table|column)|relation\b|\bcolumn\b|not-null constraint|migration/i,
  auth: /\b40[13]\b|unauthori[sz]ed|forbidden|denied|permission|credential|\btoken|\bjwt\b|signature (?:mismatch|invalid)|invalid signature|login/i,
  tls: /x509|certificate|\btls\b|\bssl\b|handshake/i,
  limit:
    /\b429\b|rate.?limit|throttl|quota|too many requests|slowdown|larger than|too large|limit exceeded|exceeds (?:the )?(?:limit|max)/i,
  disk: /\bdisk|no space|enospc|inode|volume|storage full/i,
  queue: /\blag\b|_lag|backlog|queue|consumer|oldest.?message|\boffset|partition|kafka|\bsqs\b|unacked|dead.?letter/i,
  lock: /\block(?:s|ed|ing)?\b|lock_|deadlock|contention|mutex|blocked|serializ(?:ation|able)_? ?(?:failure|conflict)|serialize access/i,
  retry: /\bretr(?:y|ies|ying)|attempts?\b|budget|backoff/i,
  decode:
    /unmarshal|marshal|pars(?:e|ing) |decod|serializ|deserializ|malformed|format ?(?:exception|error)|for input string|(?:cannot|could not|unable to|failed to) (?:parse|read|convert)|invalid (?:literal|date|type|value|field|json|format|character)|missing (?:required )?field|unexpected (?:token|field|key|property)|unrecogni[sz]ed|unknown propert|required (?:creator )?(?:field|property|argument)|validation|schema mismatch/i,
  config: /config|env(?:ironment)? var|missing (?:key|setting|variable|required)|not set|invalid option|unknown flag/i,
  dns: /\bdns\b|no such host|nxdomain|servfail|name resolution|getaddrinfo|enotfound/i,
  connect:
    /connection (?:refused|reset|closed|aborted)|disconnect|hang ?up|\beof\b|goaway|no live upstream|unreachable|no route|econnrefused|econnreset|broken pipe|\b50[234]\b|unavailable|no healthy/i,
  traffic: /requests?_per|\brps\b|\bqps\b|throughput|traffic|per_second|call_count|count_per/i,
  wrong:
    /mismatch|incorrect|wrong|negative|duplicat|checksum|inconsisten|drift|stale|rounding|differs?\b|overflow|discrepan|invalid total/i,
  gone: /\b(?:404|405|410)\b|_404_|not found|unimplemented|no such (?:method|route|endpoint|operation)|unknown (?:method|service|endpoint|operation)|has no (?:attribute|member)|unresolved/i,
  clock: /\bexpired\b|\bexp\b|in the (?:past|future)|not yet valid|time ?zone|\bclock|skew|\butc\b|issued (?:at|before)/i,
  failing: /5xx|\b500\b|error.?r(?:ate|atio)|fail/i,
} as const;

export type Family = keyof typeof SHOWN_BY;
export type FamilyWeights = Readonly<Partial<Record<Family, number>>>;
export const FAMILIES = Object.keys(SHOWN_BY) as readonly Family[];

export function showsAny(text: string, families: readonly Family[]): boolean {
  return families.some((family) => SHOWN_BY[family].test(text));
}

/** 0…1 for each kind that shows: the share of the weight of all signs that show it, seen against the kind that shows most. */
export function familiesShown(signs: readonly Sign[]): FamilyWeights {
  const sums = FAMILIES.map(
    (family) => [family, signs.reduce((sum, { text, weight }) => sum + (SHOWN_BY[family].test(text) ? weight : 0), 0)] as const,
  );
  const most = Math.max(...sums.map(([, sum]) => sum), Number.EPSILON);
  return Object.fromEntries(sums.flatMap(([family, sum]) => (sum > 0 ? [[family, Math.sqrt(sum / most)]] : [])));
}
