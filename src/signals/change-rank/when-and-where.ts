/** Whether a change can have been there in time, and was where the trouble is. Pure. */
import { CLOCK_SKEW_MS, isBeforeOnset } from "../change-rank.js";
import { movedAfter } from "./alignment.js";
import type { Change, Reason, Symptoms } from "./model.js";

const OTHER_SERVICE = 0.4;
/** What is not measured cannot show anything: rules, images, jobs, machines. */
const UNWATCHED = 0.8;
/** Wrong data hurt those who read them; who wrote them is content. */
const READ_ELSEWHERE = 0.75;
const AFTER_FIRST_SIGN = 0.3;
/** Effects may build up for hours; nearness is a hint, not a proof. */
const NEARNESS = 0.25;
const HALF_LIFE_H = 6;
const PROMPT = 0.15;

export interface Weighed {
  readonly factor: number;
  readonly for: readonly Reason[];
  readonly against: readonly Reason[];
}

/** When it first reached production in time to be a cause, where the trouble shows if it did; null: it did not. */
export function reachedBy({ at, rollouts }: Change, { noticedAt, services }: Symptoms): number | null {
  const all = rollouts ?? [{ at, service: null }];
  const inTime = all.filter((rollout) => isBeforeOnset(rollout.at, noticedAt));
  const telling = inTime.filter(({ service }) => service !== null && services.includes(service));
  const times = (telling.length > 0 ? telling : inTime).map((rollout) => rollout.at);
  return times.length === 0 ? null : Math.min(...times);
}

export function weighTime(change: Change, symptoms: Symptoms): Weighed {
  const { onset } = symptoms;
  const at = reachedBy(change, symptoms);
  if (at === null) return { factor: 0.02, for: [], against: [{ what: "did not reach production before it", strength: 1 }] };
  if (at > onset + CLOCK_SKEW_MS)
    return { factor: AFTER_FIRST_SIGN, for: [], against: [{ what: "reached production after the first sign", strength: 0.7 }] };
  const nearness = 2 ** (-Math.max(0, onset - at) / 3_600_000 / HALF_LIFE_H);
  const [first] = movedAfter(at, symptoms);
  const moved =
    first === undefined
      ? []
      : [{ what: `${first.name} of ${first.service} ${first.direction} within minutes of it`, strength: 0.5 }];
  return { factor: 1 - NEARNESS * (1 - nearness) - (first === undefined ? PROMPT : 0), for: moved, against: [] };
}

interface Seen {
  readonly isNamed: boolean;
  readonly isPassedOn: boolean;
}

export function weighPlace({ rollouts }: Change, symptoms: Symptoms, { isNamed, isPassedOn }: Seen): Weighed {
  const { services, known } = symptoms;
  if (rollouts === null || rollouts.length === 0) return { factor: 1, for: [], against: [] };
  const hit = services.find((service) => rollouts.some((rollout) => rollout.service === service));
  if (hit !== undefined)
    return { factor: 1, for: [{ what: `went out with ${hit}, which shows the trouble`, strength: 0.4 }], against: [] };
  if (isNamed) return { factor: 1, for: [], against: [] };
  const watched = symptoms.watched ?? known;
  if (!rollouts.some(({ service }) => watched.includes(service)))
    return {
      factor: UNWATCHED,
      for: [],
      against: [{ what: "went out with something that nothing is measured of", strength: 0.2 }],
    };
  if (isPassedOn)
    return {
      factor: READ_ELSEWHERE,
      for: [],
      against: [{ what: "shows only where its data are read, if at all", strength: 0.3 }],
    };
  return { factor: OTHER_SERVICE, for: [], against: [{ what: "went out with a service that shows nothing", strength: 0.6 }] };
}
