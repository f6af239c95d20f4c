import type { RepoRole } from "./model.js";

export type Seat = RepoRole | "outsider";

/** Who works at the demo's shop, one for each role. */
export const people: Readonly<Record<Seat, string>> = {
  admin: "mina-okafor",
  maintain: "jonas-weber",
  write: "ada-lind",
  triage: "theo-marsh",
  read: "ines-duarte",
  outsider: "octocat",
};

export function roleOf(seat: Seat): RepoRole | null {
  return seat === "outsider" ? null : seat;
}
