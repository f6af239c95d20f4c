/** Two GitHubs behind the same ports: the adapter on the lab's stand-in, and the in-memory fake. The contract test runs on both. */
import type { Octokit } from "@octokit/rest";
import { createGitHub, type GitHub } from "../../lab/github/github.js";
import { DispatchRefused, type LabJob, type LabRun } from "../../lab/model.js";
import { createGitHubPorts, type GitHubPorts } from "../../src/github/ports.js";
import { createFakeGitHub } from "../fakes/world.js";
import { as, makeEngine, makeJob, makeRun } from "../lab/github/support.js";

export interface Stage {
  readonly ports: GitHubPorts;
  /** A comment by the person `write`. @returns its id */
  say(incident: number, body: string): Promise<number>;
  /** An edit of anyone's comment by the person `write`. */
  edit(commentId: number, body: string): Promise<void>;
  lock(incident: number): Promise<void>;
  /** Two versions go live after each other, `v1` then `v2`, and `v3` fails. */
  deployThree(): Promise<void>;
  /** Time passes: at least a second, the smallest step GitHub's timestamps know. */
  tick(): Promise<void>;
  /** @throws when a request of ours did not fit GitHub's own description. */
  close(): Promise<void>;
}

const FILES = {
  ".github/gatehouse.yml": "version: 1\n",
  "runbooks/bad-deploy.md": "# Bad deploy\n",
  "runbooks/scripts/undo.sh": "exit 0\n",
  "postmortems/README.md": "# Index\n",
};
const RULES = ["update", "deletion"] as const;
const TAGS = ["refs/tags/gatehouse/**/*"];

export async function openFakeStage(): Promise<Stage> {
  const limited = (branches: readonly string[] | null) => ({ exists: true, branches, requiredReviewers: 0 });
  const github = createFakeGitHub({
    files: FILES,
    roles: { admin: "admin", maintain: "maintain", write: "write", triage: "triage", read: "read" },
    comparisons: { "v1...v2": { commits: [], files: [], url: "https://github.com/acme/shop/compare/v1...v2", isCut: false } },
    environments: [
      { name: "production-gate", ...limited(["main"]) },
      { name: "open", ...limited(null) },
    ],
    tagRulesets: [{ name: "gatehouse", active: true, include: TAGS, exclude: [], rules: [...RULES] }],
  });
  github.onDispatch("deploy.yml", ({ inputs }) => ({ kind: "run", title: `Deploy ${inputs["version"]}`, takesMs: null }));
  return {
    ports: github.ports,
    say: async (incident, body) => github.say("write", body, incident).id,
    edit: async (commentId, body) => github.edit(commentId, body, "write"),
    lock: async (incident) => github.changeIssue(incident, { locked: true }, "admin"),
    deployThree: async () => {
      github.deploy("v1");
      github.advance(1_000);
      github.deploy("v2");
      github.advance(1_000);
      github.failDeployment("v3");
    },
    tick: async () => github.advance(1_000),
    close: async () => {},
  };
}

export async function openLabStage(): Promise<Stage> {
  const github = await createGitHub({
    owner: "acme",
    repo: "shop",
    private: true,
    users: (["admin", "maintain", "write", "triage", "read"] as const).map((role) => ({ login: role, role })),
    environments: [{ name: "production-gate", branchPolicy: { patterns: ["main"] } }, { name: "open" }],
    rulesets: [{ name: "gatehouse", target: "tag", include: TAGS, rules: RULES }],
    git: { files: FILES },
  });
  const people = as(github, "admin");
  attachEngine(github);
  const ports = createGitHubPorts({
    token: github.issueJobToken(makeJob() satisfies LabJob, {
      contents: "write",
      issues: "write",
      actions: "write",
      deployments: "read",
      "pull-requests": "write",
    }),
    apiUrl: github.urls.api,
    graphqlUrl: github.urls.graphql,
    repository: "acme/shop",
    configPath: ".github/gatehouse.yml",
    backoffMs: 1,
  });
  const place = { owner: "acme", repo: "shop" };
  return {
    ports,
    say: async (incident, body) =>
      (await as(github, "write").rest.issues.createComment({ ...place, issue_number: incident, body })).data.id,
    edit: async (commentId, body) =>
      void (await as(github, "write").rest.issues.updateComment({ ...place, comment_id: commentId, body })),
    lock: async (incident) => void (await people.rest.issues.lock({ ...place, issue_number: incident })),
    deployThree: async () => {
      await tagAndDeploy(people, github, "v1", "success");
      await tagAndDeploy(people, github, "v2", "success");
      await tagAndDeploy(people, github, "v3", "failure");
    },
    tick: async () => github.clock.advance(1),
    close: async () => {
      await github.close();
      const problems = github.requests.flatMap((request) =>
        request.problems.map((problem) => `${request.operation}: ${problem}`),
      );
      if (problems.length > 0) throw new Error(problems.join("\n"));
    },
  };
}

function attachEngine(github: GitHub): void {
  const engine = makeEngine(github, "0".repeat(40));
  github.attach({
    ...engine,
    dispatch: async (workflow, _ref, inputs): Promise<LabRun> => {
      if (workflow !== "deploy.yml") throw new DispatchRefused(404, "Not Found");
      const at = github.clock.now();
      const run = makeRun("0".repeat(40), {
        id: 402 + github.runs.length,
        name: `Deploy ${inputs["version"]}`,
        createdAt: at,
        updatedAt: at,
      });
      github.runs.push(run);
      return run;
    },
    cancel: (runId) => {
      const run = github.runs.find((candidate) => candidate.id === runId);
      if (!run) return "not-found";
      Object.assign(run, { status: "completed", conclusion: "cancelled" });
      return "accepted";
    },
  });
}

async function tagAndDeploy(people: Octokit, github: GitHub, version: string, state: "success" | "failure"): Promise<void> {
  const place = { owner: "acme", repo: "shop" };
  const { data: main } = await people.rest.git.getRef({ ...place, ref: "heads/main" });
  await people.rest.git.createRef({ ...place, ref: `refs/tags/${version}`, sha: main.object.sha });
  const { data } = await people.rest.repos.createDeployment({
    ...place,
    ref: version,
    environment: "production",
    auto_merge: false,
    required_contexts: [],
  });
  if (!("id" in data)) throw new Error("no deployment");
  await people.rest.repos.createDeploymentStatus({ ...place, deployment_id: data.id, state });
  github.clock.advance(1);
}
