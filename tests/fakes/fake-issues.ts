/** Issues, comments and reactions as REST and GraphQL tell them. */
import { ForbiddenError, InvalidRequestError, NotFoundError } from "../../src/github/errors.js";
import type {
  Author,
  CommentWriter,
  Desk,
  IncidentList,
  Issue,
  IssueWriter,
  OpenIncident,
  Reactor,
  ThreadComment,
} from "../../src/ports.js";
import { blobSha, headOf, stamp, type CommentRecord, type FakeState, type IssueRecord } from "./state.js";

/** Longest body GitHub keeps, in characters. */
const MAX_BODY = 65_536;

export function openIssue(
  state: FakeState,
  author: Author,
  change: { title: string; body: string; labels: readonly string[] },
): IssueRecord {
  if (change.body.length > MAX_BODY)
    throw new InvalidRequestError("body is too long (422)", 422, "body is too long (maximum is 65536 characters)");
  const at = stamp(state.clock);
  const number = state.nextNumber();
  const url = `https://github.com/${state.repository}/issues/${number}`;
  const issue: IssueRecord = {
    ...change,
    number,
    author,
    createdAt: at,
    updatedAt: at,
    editedAt: null,
    state: "open",
    locked: false,
    url,
  };
  state.issues.set(number, issue);
  return issue;
}

export function changeIssue(
  state: FakeState,
  number: number,
  change: Partial<Pick<Issue, "title" | "body" | "labels" | "state" | "locked">>,
): IssueRecord {
  const issue = findIssue(state, number);
  // GitHub may answer 200 to an over-long update and keep the old text.
  const body = change.body === undefined || change.body.length > MAX_BODY ? issue.body : change.body;
  if (body !== issue.body) issue.editedAt = stamp(state.clock);
  Object.assign(issue, change, { body, updatedAt: stamp(state.clock) });
  return issue;
}

export function addComment(state: FakeState, number: number, author: Author, body: string): CommentRecord {
  const issue = findIssue(state, number);
  if (issue.locked && author.isBot)
    throw new ForbiddenError(`Unable to create comment because issue #${number} is locked.`, null);
  if (body.length > MAX_BODY)
    throw new InvalidRequestError("body is too long (422)", 422, "body is too long (maximum is 65536 characters)");
  const at = stamp(state.clock);
  const id = state.nextId();
  const comment: CommentRecord = {
    id,
    body,
    author,
    createdAt: at,
    updatedAt: at,
    editedAt: null,
    url: `${issue.url}#issuecomment-${id}`,
    ourReactions: [],
    incident: number,
  };
  state.comments.set(id, comment);
  issue.updatedAt = at;
  return comment;
}

export function changeComment(state: FakeState, id: number, body: string): CommentRecord {
  const comment = findComment(state, id);
  const at = stamp(state.clock);
  if (body !== comment.body) comment.editedAt = at;
  comment.body = body;
  comment.updatedAt = at;
  findIssue(state, comment.incident).updatedAt = at;
  return comment;
}

export function findIssue(state: FakeState, number: number): IssueRecord {
  const issue = state.issues.get(number);
  if (!issue) throw new NotFoundError(`No issue #${number}.`);
  return issue;
}

export function findComment(state: FakeState, id: number): CommentRecord {
  const comment = state.comments.get(id);
  if (!comment) throw new NotFoundError(`No comment ${id}.`);
  return comment;
}

export function lookAt(state: FakeState, number: number): { issue: Issue | null; comments: ThreadComment[] } {
  const issue = state.issues.get(number);
  if (!issue) return { issue: null, comments: [] };
  const comments = [...state.comments.values()].filter((comment) => comment.incident === number).sort((a, b) => a.id - b.id);
  return { issue: byGraphQl(issue), comments: comments.map(byGraphQl) };
}

function openIncidents(state: FakeState): readonly OpenIncident[] {
  return [...state.issues.values()]
    .filter((issue) => issue.state === "open" && issue.labels.includes("incident") && issue.author.isBot)
    .map(({ number, title, createdAt, url }) => ({ number, title, openedAt: createdAt, url }))
    .reverse();
}

export function createFakeDesk(state: FakeState): Desk {
  const file = (path: string) => {
    const text = state.files.get(path);
    return text === undefined ? null : { path, text, sha: blobSha(text) };
  };
  return {
    look: async (incident) => ({
      at: state.clock.now(),
      trunk: {
        repositoryId: state.repositoryId,
        fullName: state.repository,
        visibility: state.visibility,
        defaultBranch: state.defaultBranch,
        head: headOf(state),
        config: file(state.configPath),
        runbooks: [...state.files.keys()]
          .filter((path) => /^runbooks\/[^/]+\.md$/.test(path))
          .sort()
          .flatMap((path) => file(path) ?? []),
        tagRulesets: state.tagRulesets,
        postmortemIndex: file(state.indexPath),
      },
      ...(incident === null ? { issue: null, comments: [] } : lookAt(state, incident)),
      openIncidents: incident === null ? [] : openIncidents(state),
    }),
  };
}

export function createFakeIncidentList(state: FakeState): IncidentList {
  return {
    list: async ({ state: wanted, changedSince }) =>
      [...state.issues.values()]
        .filter((issue) => issue.author.login === state.bot.login && (wanted === "all" || issue.state === wanted))
        .filter((issue) => changedSince === null || issue.updatedAt >= changedSince)
        .sort((a, b) => b.number - a.number)
        .slice(0, 100)
        .map(byRest),
  };
}

export function createFakeIssueWriter(state: FakeState): IssueWriter {
  return {
    create: async (change) => byRest(openIssue(state, state.bot, change)),
    update: async (incident, change) => byRest(changeIssue(state, incident, change)),
    current: async (incident) => byRest(findIssue(state, incident)),
  };
}

export function createFakeCommentWriter(state: FakeState): CommentWriter {
  return {
    post: async (incident, body) => ({ ...byRest(addComment(state, incident, state.bot, body)), ourReactions: [] }),
    edit: async (commentId, body) => ({ ...byRest(changeComment(state, commentId, body)), ourReactions: [] }),
  };
}

export function createFakeReactor(state: FakeState): Reactor {
  return {
    react: async (commentId, reaction) => {
      const comment = findComment(state, commentId);
      if (!comment.ourReactions.includes(reaction)) comment.ourReactions.push(reaction);
    },
  };
}

type Kept<T> = Omit<T, "updatedAt" | "incident">;

/** GraphQL knows when the text was edited. */
function byGraphQl<T extends IssueRecord | CommentRecord>(record: T): Kept<T> {
  const { updatedAt: _updatedAt, incident: _incident, ...rest } = structuredClone({ incident: 0, ...record });
  return rest;
}

/** REST knows only when anything changed last. */
function byRest<T extends IssueRecord | CommentRecord>(record: T): Kept<T> {
  const changed = record.updatedAt.getTime() !== record.createdAt.getTime();
  return { ...byGraphQl(record), editedAt: changed ? record.updatedAt : null };
}
