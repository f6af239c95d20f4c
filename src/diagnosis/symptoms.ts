const ERROR_SIGNAL = /^(?:.+-)?errors?-(?:ratio|rate|share)$/;

/** A signal that counts failures: the symptom of nearly every incident, and so a mark of no cause in particular. */
export function isErrorSignal(name: string): boolean {
  return ERROR_SIGNAL.test(name);
}
