/** Which figures tell how much comes in. Pure. */

const LOAD = /(?:request|req|call|session|user|visit|hit)s?_?(?:per|rate|count|\b)|\brps\b|\bqps\b|throughput|traffic/i;
const NO_LOAD = /err|fail|5xx|4xx|latency|duration|retr/i;

export function isLoad(name: string): boolean {
  return LOAD.test(name) && !NO_LOAD.test(name);
}
