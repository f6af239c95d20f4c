import { Octokit } from "@octokit/rest";
import type { LabAddress } from "../lab.js";
import type { Seat } from "../people.js";

/** What a person sees and does at the lab: only GitHub's API and the control server, with that person's token. */
export interface Visitor {
  issue(number: number): Promise<SeenIssue | null>;
  comments(number: number): Promise<readonly SeenComment[]>;
  say(number: number, text: string): Promise<void>;
  raiseAlert(payload: unknown, key: string): Promise<void>;
  runs(): Promise<readonly SeenRun[]>;
  requests(): Promise<readonly SeenRequest[]>;
  errorRate(): Promise<number | null>;
}
export interface SeenIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly state: string;
  readonly author: string;
  readonly createdAt: Date;
}
export interface SeenComment {
  readonly id: number;
  readonly body: string;
  readonly author: string;
  readonly isBot: boolean;
  readonly createdAt: Date;
  readonly url: string;
}
export interface SeenJob {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly ms: number | null;
}
export interface SeenRun {
  readonly id: number;
  readonly workflow: string;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly jobs: readonly SeenJob[];
}
export interface SeenRequest {
  readonly n: number;
  readonly run_id: number | null;
  readonly job: string | null;
  readonly operation: string;
  readonly method: string;
  readonly status: number;
  readonly valid: boolean;
}

export function visit(address: LabAddress, seat: Seat): Visitor {
  const octokit = new Octokit({ auth: address.tokens[seat], baseUrl: address.api_url });
  const { rest } = octokit;
  const place = { owner: address.owner, repo: address.repo };
  const control = async (path: string): Promise<unknown> => (await fetch(`${address.control_url}${path}`)).json();
  return {
    async issue(issue_number) {
      const { data } = await rest.issues.listForRepo({ ...place, state: "all", per_page: 100 });
      const found = data.find(({ number }) => number === issue_number);
      if (!found) return null;
      const labels = found.labels.map((label) => (typeof label === "string" ? label : (label.name ?? "")));
      const { number, title, state, body, user, created_at } = found;
      return { number, title, state, labels, body: body ?? "", author: user?.login ?? "", createdAt: new Date(created_at) };
    },
    async comments(issue_number) {
      const data = await octokit.paginate(rest.issues.listComments, { ...place, issue_number, per_page: 100 });
      return data.map(({ id, body, user, created_at, html_url }) => ({
        id,
        body: body ?? "",
        author: user?.login ?? "",
        isBot: user?.type === "Bot",
        createdAt: new Date(created_at),
        url: html_url,
      }));
    },
    async say(issue_number, body) {
      await rest.issues.createComment({ ...place, issue_number, body });
    },
    async raiseAlert(raw, key) {
      const client_payload = { version: 1, key, monitor: "alertmanager", received_at: new Date().toISOString(), raw };
      await rest.repos.createDispatchEvent({ ...place, event_type: "alert", client_payload });
    },
    runs: async () => ((await control("/runs")) as { runs: SeenRun[] }).runs,
    requests: async () => ((await control("/requests")) as { requests: SeenRequest[] }).requests,
    errorRate: async () => ((await control("/world")) as { error_rate: number | null }).error_rate,
  };
}
