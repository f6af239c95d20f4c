import { z } from "zod";
import type { IncidentList, Issue, IssueWriter } from "../ports.js";
import { Moment, parseAnswer } from "./answer.js";
import { RestAuthor } from "./authors.js";
import type { GitHubClient } from "./client.js";

/**
 * An issue as REST tells it. REST knows only the last change of any kind, not of the text: `editedAt` here is that moment,
 * null only while nothing at all has changed since the creation. Whether a text was edited is told by `Desk.look` alone.
 */
const RestIssue = z
  .object({
    number: z.int().positive(),
    title: z.string(),
    body: z.string().nullish(),
    user: RestAuthor,
    created_at: Moment,
    updated_at: Moment,
    state: z.enum(["open", "closed"]),
    locked: z.boolean(),
    labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])),
    html_url: z.string(),
  })
  .transform(
    (issue): Issue => ({
      number: issue.number,
      title: issue.title,
      body: issue.body ?? "",
      author: issue.user,
      createdAt: issue.created_at,
      editedAt: issue.updated_at.getTime() === issue.created_at.getTime() ? null : issue.updated_at,
      state: issue.state,
      locked: issue.locked,
      labels: issue.labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
      url: issue.html_url,
    }),
  );

/** REST lists pull requests among the issues. */
const IssueOrPull = z.looseObject({ pull_request: z.unknown().optional() });

/** @param creator - the login whose issues count as incidents, "github-actions[bot]" */
export function createIncidentList(client: GitHubClient, creator: string): IncidentList {
  return {
    async list({ state, changedSince }) {
      const since = changedSince === null ? {} : { since: changedSince.toISOString() };
      const filter = {
        ...client.repository,
        creator,
        state,
        ...since,
        per_page: 100,
        sort: "created",
        direction: "desc",
      } as const;
      const { data } = await client.rest.issues.listForRepo(filter);
      const listed = parseAnswer(z.array(IssueOrPull), data, "the list of incidents");
      const issues = listed.filter((entry) => entry.pull_request === undefined || entry.pull_request === null);
      return parseAnswer(z.array(RestIssue), issues, "the list of incidents");
    },
  };
}

/** Creating is never repeated by itself: an uncertain one is looked for by its key in the intake block. */
export function createIssueWriter(client: GitHubClient): IssueWriter {
  return {
    async create({ title, body, labels }) {
      const { data } = await client.rest.issues.create({ ...client.repository, title, body, labels: [...labels] });
      return parseAnswer(RestIssue, data, "creating an issue");
    },
    async update(incident, { title, body, labels, state }) {
      const { data } = await client.rest.issues.update({
        ...client.repository,
        issue_number: incident,
        title,
        body,
        labels: [...labels],
        state,
      });
      return parseAnswer(RestIssue, data, `updating issue #${incident}`);
    },
    async current(incident) {
      const { data } = await client.rest.issues.get({ ...client.repository, issue_number: incident });
      return parseAnswer(RestIssue, data, `reading issue #${incident}`);
    },
  };
}
