/**
 * One lab and what people and monitors do in it, through its outside interfaces alone: GitHub's API with a token per person,
 * the monitor's API and the control server. Knows nothing of the test runner, so that benchmarks can use it too.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Lab, type LabOptions, startLab } from "../../lab/lab.js";
import type { Fault } from "../../lab/model.js";
import { alertPayload, resolvedPayload } from "../../lab/world/alert.js";
import { shopQueries } from "../../lab/world/queries.js";
import * as shapes from "./shapes.js";

export type Seat = keyof Lab["address"]["tokens"];
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}
/** What a monitor hands over; the key names the notification. */
export interface Notification {
  readonly key: string;
  readonly raw: unknown;
  readonly monitor?: string;
}

/** Milliseconds for a test that waits for jobs, on a machine that has much else to do. */
export const SLOW = 180_000;
const PATIENCE_MS = 90_000;
const POLL_MS = 100;
const NORMAL_POINTS = 3;

export class LabSession {
  /** When the trouble began, by the monitor's rule; null until `breakShop`. */
  startedAt: Date | null = null;

  constructor(readonly lab: Lab) {}

  static async start(options: LabOptions = {}): Promise<LabSession> {
    return new LabSession(await startLab({ fast: true, ...options }));
  }
  close(): Promise<void> {
    return this.lab.close();
  }

  /** Asks GitHub's API of the repository, as a person. Paths begin after `/repos/<owner>/<repo>`. */
  async api(seat: Seat, method: string, path: string, body?: unknown): Promise<Answer> {
    const { api_url, owner, repo, tokens } = this.lab.address;
    return request(method, `${api_url}/repos/${owner}/${repo}${path}`, body, { authorization: `Bearer ${tokens[seat]}` });
  }
  control(method: string, path: string, body?: unknown): Promise<Answer> {
    return request(method, this.lab.address.control_url + path, body);
  }

  async fault(match: Fault["match"], happening: Fault["do"], times = 1): Promise<void> {
    await expectStatus(204, this.control("POST", "/faults", { match, times, do: happening }));
  }
  async clearFaults(): Promise<void> {
    await expectStatus(204, this.control("DELETE", "/faults"));
  }
  async advance(seconds: number): Promise<void> {
    await expectStatus(200, this.control("POST", "/clock", { advance_seconds: seconds }));
  }
  async world(): Promise<shapes.World> {
    return shapes.World.parse((await this.control("GET", "/world")).body);
  }
  async runs(): Promise<readonly shapes.Run[]> {
    return shapes.Runs.parse((await this.control("GET", "/runs")).body).runs;
  }
  async requests(): Promise<readonly shapes.Request[]> {
    return shapes.Requests.parse((await this.control("GET", "/requests")).body).requests;
  }
  async log(run: number, job: string): Promise<string> {
    return String((await this.control("GET", `/runs/${run}/jobs/${encodeURIComponent(job)}/log`)).body);
  }

  /** Waits until the monitor has seen the healthy shop for a while: without a normal there is nothing to compare with. */
  async knowNormal(): Promise<void> {
    const { query } = shopQueries(true).errorRatio;
    await this.eventually("the monitor knows what is normal", async () => {
      const to = this.lab.clock.now().getTime() / 1000;
      const asked = new URLSearchParams({ query, start: String(to - 10), end: String(to), step: "1" });
      const { body } = await request("GET", `${this.lab.world.prometheusUrl}/api/v1/query_range?${asked.toString()}`);
      const [series] = shapes.PrometheusMatrix.parse(body).data.result;
      return (series?.values.length ?? 0) >= NORMAL_POINTS;
    });
  }
  /** Deploys the release whose pool is too small, and returns when the monitor's rule fires. */
  async breakShop(): Promise<void> {
    await this.knowNormal();
    await expectStatus(202, this.control("POST", "/world/deploy", { version: "bad" }));
    await this.eventually("the monitor's rule fires", async () => {
      const { body } = await request("GET", `${this.lab.world.prometheusUrl}/api/v1/alerts`);
      const firing = shapes.PrometheusAlerts.parse(body).data.alerts.find(({ state }) => state === "firing");
      this.startedAt = firing ? new Date(firing.activeAt) : null;
      return firing !== undefined && ((await this.world()).error_rate ?? 0) > 0.25;
    });
    await this.rest();
  }

  /** The captured Alertmanager body, with its times on the lab's clock. */
  firing(key = "first"): Notification {
    return { key, raw: alertPayload(this.lab.clock, this.startedAt ?? this.lab.clock.now()) };
  }
  resolved(key = "over"): Notification {
    return { key, raw: resolvedPayload(this.lab.clock, this.startedAt ?? this.lab.clock.now()) };
  }
  async notify({ key, raw, monitor = "alertmanager" }: Notification): Promise<void> {
    await this.dispatch({ version: 1, key, monitor, received_at: this.lab.clock.now().toISOString(), raw });
  }
  async dispatch(client_payload: unknown): Promise<void> {
    await expectStatus(204, this.api("write", "POST", "/dispatches", { event_type: "alert", client_payload }));
  }
  async startWorkflow(file: string, inputs: Record<string, string> = {}, seat: Seat = "maintain"): Promise<void> {
    await expectStatus(204, this.api(seat, "POST", `/actions/workflows/${file}/dispatches`, { ref: "main", inputs }));
  }
  sweep(): Promise<void> {
    return this.startWorkflow("sweep.yml");
  }
  wake(incident: number): Promise<void> {
    return this.startWorkflow("incident.yml", { incident: String(incident) });
  }

  /** @returns the comment's id */
  async say(seat: Seat, body: string, incident = 1): Promise<number> {
    const answer = await expectStatus(201, this.api(seat, "POST", `/issues/${incident}/comments`, { body }));
    return shapes.Comment.parse(answer.body).id;
  }
  async issue(incident = 1): Promise<shapes.Issue> {
    return shapes.Issue.parse((await expectStatus(200, this.api("read", "GET", `/issues/${incident}`))).body);
  }
  async issues(): Promise<readonly shapes.Issue[]> {
    return shapes.Issue.array().parse((await this.api("read", "GET", "/issues?state=all&per_page=100")).body);
  }
  async comments(incident = 1): Promise<readonly shapes.Comment[]> {
    const { body } = await expectStatus(200, this.api("read", "GET", `/issues/${incident}/comments?per_page=100`));
    return shapes.Comment.array().parse(body);
  }
  async reactions(comment: number): Promise<readonly string[]> {
    const { body } = await this.api("read", "GET", `/issues/comments/${comment}/reactions`);
    return shapes.Reaction.array()
      .parse(body)
      .map(({ content }) => content);
  }
  /** A file of the default branch, null when there is none. */
  async file(path: string): Promise<shapes.File | null> {
    const { status, body } = await this.api("read", "GET", `/contents/${path}`);
    return status === 404 ? null : shapes.File.parse(body);
  }
  /** Names in a folder of the default branch; none when there is no such folder. */
  async folder(path: string): Promise<readonly string[]> {
    const { status, body } = await this.api("read", "GET", `/contents/${path}`);
    return status === 404
      ? []
      : shapes.Entry.array()
          .parse(body)
          .map(({ name }) => name);
  }
  /** Writes a file on the default branch, as an administrator. */
  async writeFile(path: string, text: string): Promise<void> {
    const sha = (await this.file(path))?.sha;
    const content = Buffer.from(text).toString("base64");
    const answer = await this.api("admin", "PUT", `/contents/${path}`, {
      message: `change ${path}`,
      content,
      ...(sha ? { sha } : {}),
    });
    if (answer.status >= 300) throw new Error(`${path} could not be written: ${JSON.stringify(answer)}`);
  }

  /** Waits until no run is at work. */
  async rest(): Promise<void> {
    await this.eventually("all runs end", async () => {
      await this.lab.engine.idle();
      return (await this.runs()).every(({ status }) => status === "completed");
    });
  }
  async until(phase: string, incident = 1): Promise<shapes.Issue> {
    let issue: shapes.Issue | null = null;
    await this.eventually(`incident #${incident} is ${phase}`, async () => {
      const { status, body } = await this.api("read", "GET", `/issues/${incident}`);
      issue = status === 200 ? shapes.Issue.parse(body) : null;
      return issue?.labels.includes(`phase:${phase}`) ?? false;
    });
    await this.rest();
    return this.issue(incident);
  }
  /** @throws when it has not come true in time, with what the runs were doing */
  async eventually(claim: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`It never came true that ${claim}.\n${await this.describeRuns()}`);
      await sleep(POLL_MS);
    }
  }
  async describeRuns(): Promise<string> {
    const lines = (await this.runs()).map(
      ({ id, name, status, conclusion, jobs }) =>
        `${id} ${name}: ${conclusion ?? status} [${jobs.map((job) => `${job.name.slice(0, 14)} ${job.conclusion ?? job.status}`).join(", ")}]`,
    );
    return lines.join("\n");
  }
}

async function request(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
}

export async function expectStatus(status: number, asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status !== status) throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
