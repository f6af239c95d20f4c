/** Which thing a storm of alerts comes from. Pure. */
import type { Reason } from "../cause-rank/model.js";
import { sayPercent } from "../cause-rank/say.js";
import type { Entity, RankedEntity, StormAlert } from "./model.js";
import { gatherThings, isWorkload, squeeze, stemOf, type Thing } from "./same-thing.js";

/**
 * Things that act on others and suffer from nobody: experiments, settings, limits. One of them among the few that take part is
 * likelier the cause than anything that runs.
 */
const ACTS: readonly (readonly [RegExp, number, string])[] = [
  [/^(?:Schedule|Workflow)$/, 0.97, "a schedule that starts experiments"],
  [/Chaos$/, 0.95, "an experiment that disturbs on purpose"],
  [/^(?:CronJob|Job)$/, 0.85, "something that runs by a schedule"],
  [/^(?:ConfigMap|Secret|FeatureFlag)$/, 0.85, "settings that others read"],
  [
    /Policy$|Quota$|Budget$|Autoscaler$|WebhookConfiguration$|^(?:LimitRange|PeerAuthentication|PriorityClass|Gateway|VirtualService|DestinationRule|Ingress|IngressClass|HTTPRoute)$/,
    0.8,
    "a rule that others are held to",
  ],
  [/^(?:Cluster)?Role(?:Binding)?$|^ServiceAccount$/, 0.8, "who may do what"],
  [/^(?:Node|Machine|NodePool|PersistentVolume(?:Claim)?|StorageClass|VolumeSnapshot)$/, 0.78, "what others stand on"],
  [/^(?!Namespace$)[A-Z]\w+$/, 0.6, "nothing that serves, but what others depend on"],
];
const RUNS = 0.55;
/**
 * What serves no requests raises no alerts about requests: stores behind the services, and what sends the load. Listed among those
 * that take part, silent, while nobody else says that it broke itself, it is a likely origin.
 */
const NO_REQUESTS =
  /^(?:.*-)?(?:postgres(?:ql)?|pg|mysql|mariadb|mongo(?:db)?|redis|valkey|memcached|kafka|rabbitmq|nats|elasticsearch|opensearch|cassandra|etcd|zookeeper|minio|db|database)(?:-.*)?$|load-?gen(?:erator)?/i;
const SILENT = 1.05;
/** More of them than this are an inventory, not suspects. */
const FEW = 3;
/** Of its blame a thing passes on this much where its alerts name another. */
const PASSED_ON = 0.8;
const ROUNDS = 6;

/** What an alert says of the thing it was raised on: broken itself, suffering, or only left without work. */
const OWN_FAULT =
  /crash|notready|not.?ready|waiting|oom|failed ?pods?|throttl|pending|evict|image|unschedul|spend|saturation|restart|no healthy endpoints|disk|memory/i;
const STARVED = /^no[A-Z]|receives? no|received? no|no requests|no (?:database )?operations|stops? /i;
const PASSING =
  /cascad|due to (?:upstream|failed|[\w-]+ (?:un|failures?))|when calling|blocked|upstream|unable to reach|cannot reach|waiting for|when .* is unavailable/i;

export interface Storm {
  readonly alerts: readonly StormAlert[];
  readonly entities: readonly Entity[];
  /** Names that stand for one thing, as far as the cluster tells. */
  readonly aliases: readonly (readonly string[])[];
}

export function rankEntities({ alerts, entities, aliases }: Storm): readonly RankedEntity[] {
  const things = gatherThings(withAlerted(entities, alerts), aliases);
  const running = things.filter((thing) => thing.entities.some(isWorkload));
  const blame = spreadBlame(running, alerts);
  const hasChaos = things.some((thing) => kindOf(thing).endsWith("Chaos"));
  const most = Math.max(...running.map((thing) => blame.get(thing)?.weight ?? 0), Number.EPSILON);
  return things
    .map((thing) => {
      const acting = actingKind(thing);
      const count = things.filter((each) => actingKind(each)?.[2] === acting?.[2]).length;
      return acting === null
        ? rankRunning(thing, { blame, most, alerts })
        : rankActing(thing, acting, count, {
            running,
            blame,
            most,
            alerts,
            startsOthers: STARTS.test(kindOf(thing)) && hasChaos,
          });
    })
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

type Blame = ReadonlyMap<Thing, { readonly weight: number; readonly reasons: readonly Reason[] }>;

/** An alert may be raised on something nobody listed. */
function withAlerted(entities: readonly Entity[], alerts: readonly StormAlert[]): readonly Entity[] {
  const known = new Set(entities.map(({ id }) => id));
  const others = new Set(alerts.flatMap(({ entity }) => (entity === null || known.has(entity) ? [] : [entity])));
  return [...entities, ...[...others].map((id) => ({ id, kind: "Service", namespace: "" }))];
}

const STARTS = /^(?:Schedule|Workflow)$/;

function kindOf({ entities }: Thing): string {
  return entities[0]?.kind ?? "";
}

function actingKind(thing: Thing): (typeof ACTS)[number] | null {
  if (thing.entities.some(isWorkload)) return null;
  return ACTS.find(([kind]) => thing.entities.some((entity) => kind.test(entity.kind))) ?? null;
}

/** Each thing begins with what its own alerts say, and passes on to those that its alerts name. */
function spreadBlame(things: readonly Thing[], alerts: readonly StormAlert[]): Blame {
  const own = new Map(things.map((thing) => [thing, alerts.filter((alert) => isOf(alert, thing)).map(weighAlert)] as const));
  const named = new Map(things.map((thing) => [thing, namedBy(thing, things, alerts)] as const));
  const start = new Map(things.map((thing) => [thing, sum(own.get(thing)?.map(({ weight }) => weight) ?? [])] as const));
  let reached: ReadonlyMap<Thing, number> = start;
  for (let round = 0; round < ROUNDS; round += 1) reached = passOn(reached, start, named);
  const kept = (thing: Thing): number => (reached.get(thing) ?? 0) * ((named.get(thing) ?? []).length > 0 ? 1 - PASSED_ON : 1);
  return new Map(
    things.map((thing) => {
      const naming = things.filter((other) => named.get(other)?.includes(thing) ?? false);
      const says = (own.get(thing) ?? [])
        .filter(({ weight }) => weight >= 0.5)
        .map(({ what, weight }) => ({ what, strength: weight / 3 }));
      const complaints =
        naming.length === 0
          ? []
          : [{ what: `named by the alerts of ${naming.length} others`, strength: naming.length / (naming.length + 1) }];
      return [thing, { weight: kept(thing), reasons: [...says, ...complaints] }] as const;
    }),
  );
}

/** What reaches each thing: its own, and the passed-on part of what reached those that name it. */
function passOn(
  current: ReadonlyMap<Thing, number>,
  start: ReadonlyMap<Thing, number>,
  named: ReadonlyMap<Thing, readonly Thing[]>,
): ReadonlyMap<Thing, number> {
  const next = new Map(start);
  for (const [thing, weight] of current) {
    const others = named.get(thing) ?? [];
    for (const other of others) next.set(other, (next.get(other) ?? 0) + (PASSED_ON * weight) / others.length);
  }
  return next;
}

function isOf({ entity }: StormAlert, thing: Thing): boolean {
  return entity !== null && thing.entities.some(({ id }) => id === entity);
}

function tellsOwnFault({ name, text }: Pick<StormAlert, "name" | "text">): boolean {
  return OWN_FAULT.test(name) || /no healthy endpoints/i.test(text);
}

function isStateful({ kind }: Entity): boolean {
  return kind === "StatefulSet";
}

function weighAlert({ name, text }: StormAlert): { weight: number; what: string } {
  const what = `${name}: ${text}`;
  if (tellsOwnFault({ name, text })) return { weight: 3, what };
  if (STARVED.test(name) || STARVED.test(text)) return { weight: 0.1, what };
  return { weight: PASSING.test(text) ? 0.3 : 1, what };
}

function namedBy(thing: Thing, things: readonly Thing[], alerts: readonly StormAlert[]): readonly Thing[] {
  const texts = alerts.filter((alert) => isOf(alert, thing)).map(({ text }) => text);
  return things.filter((other) => other !== thing && other.stem !== "" && texts.some((text) => speaksOf(text, other, thing)));
}

/** As whole words, however they are joined: "product catalog", "product-catalog". A longer name around it is another thing. */
function speaksOf(text: string, { stem }: Thing, of: Thing): boolean {
  const parts = stem.split(/[-_]/).filter((part) => part !== "");
  const pattern = new RegExp(String.raw`(?<![\w-])${parts.map(escape).join("[-_ ]?")}(?:e?s)?(?![\w-])`, "i");
  const without =
    of.stem.length > stem.length ? text.replace(new RegExp(escape(of.stem).replaceAll("-", "[-_ ]?"), "gi"), "") : text;
  return pattern.test(without);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function rankRunning(thing: Thing, { blame, most, alerts }: Pick<Around, "blame" | "most" | "alerts">): RankedEntity {
  const { weight = 0, reasons = [] } = blame.get(thing) ?? {};
  const isSilent =
    !alerts.some((alert) => isOf(alert, thing)) && (thing.entities.some(isStateful) || NO_REQUESTS.test(thing.stem));
  if (isSilent && !alerts.some(tellsOwnFault))
    return toRanked(
      thing,
      RUNS * SILENT,
      [...reasons, { what: "serves no requests, so it raises no alerts about them", strength: 0.5 }],
      [],
    );
  const share = weight / most;
  return toRanked(
    thing,
    RUNS * share,
    reasons,
    share < 0.3 ? [{ what: "its alerts follow from those of others", strength: 1 - share }] : [],
  );
}

interface Around {
  readonly running: readonly Thing[];
  readonly blame: Blame;
  readonly most: number;
  readonly alerts: readonly StormAlert[];
  /** An experiment is there that a schedule may have started. */
  readonly startsOthers: boolean;
}

/** More so when it is called after the thing that suffers most, or raises alerts itself. */
function rankActing(
  thing: Thing,
  [, worth, what]: (typeof ACTS)[number],
  count: number,
  { running, blame, most, alerts, startsOthers }: Around,
): RankedEntity {
  const name = squeeze(thing.entities.map(({ id }) => id).join(" "));
  const target = running.filter(({ stem }) => squeeze(stem).length > 1 && name.includes(squeeze(stem)));
  const [hit] = target.toSorted((a, b) => (blame.get(b)?.weight ?? 0) - (blame.get(a)?.weight ?? 0));
  const relation = hit === undefined ? 0.4 : (blame.get(hit)?.weight ?? 0) / most;
  const isAlerted = alerts.some((alert) => isOf(alert, thing));
  const alerted = isAlerted || startsOthers ? 1 : relation;
  const score = (worth * (0.7 + 0.3 * alerted)) / Math.max(1, count / FEW);
  const aimed =
    hit === undefined
      ? []
      : [{ what: `called after ${hit.stem}, which carries ${sayPercent(relation)} of the blame`, strength: relation }];
  return toRanked(
    thing,
    score,
    [{ what, strength: worth }, ...aimed],
    count > FEW ? [{ what: `one of ${count} like it`, strength: 0.5 }] : [],
  );
}

const ACT_ON = ["Deployment", "StatefulSet", "DaemonSet", "Pod", "Service"];

function toRanked({ entities }: Thing, score: number, reasons: readonly Reason[], against: readonly Reason[]): RankedEntity {
  const place = ({ kind }: Entity): number => (ACT_ON.includes(kind) ? ACT_ON.indexOf(kind) : -1);
  const [chosen] = entities.toSorted((a, b) => place(a) - place(b) || stemOf(a).length - stemOf(b).length);
  const names = entities.map(({ id }) => id);
  return {
    id: chosen?.id ?? "",
    names,
    score: Math.min(1, score),
    for: reasons.toSorted((a, b) => b.strength - a.strength),
    against,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
