import type { LabClock, RepoRole } from "../model.js";

export interface UserOptions {
  readonly login: string;
  /** null: a person without any role here, an outsider. */
  readonly role: RepoRole | null;
}

export interface EnvironmentOptions {
  readonly name: string;
  readonly branchPolicy?: null | "protected" | { readonly patterns: readonly string[] };
  /** Logins of users; empty: no required review. */
  readonly reviewers?: readonly string[];
  readonly preventSelfReview?: boolean;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

export type RuleType =
  | "creation"
  | "update"
  | "deletion"
  | "non_fast_forward"
  | "pull_request"
  | "required_linear_history"
  | "required_signatures";

export interface RulesetOptions {
  readonly name: string;
  readonly target: "branch" | "tag";
  readonly enforcement?: "active" | "disabled" | "evaluate";
  /**
   * Full ref patterns, `~ALL` or `~DEFAULT_BRANCH`. As on GitHub `*` stops at a slash, also when doubled at the end:
   * `refs/tags/v/**` + `/*` is what covers every depth.
   */
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  readonly rules: readonly RuleType[];
}

export interface LabelOptions {
  readonly name: string;
  readonly color?: string;
  readonly description?: string;
}

/** Where the repository's git content comes from. */
export type GitOptions =
  | { readonly gitDir: string } // a prepared bare repository, used in place
  | { readonly folder: string } // copied into a first commit
  | { readonly files: Readonly<Record<string, string>> };

export interface GitHubOptions {
  readonly owner: string;
  readonly repo: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly users?: readonly UserOptions[];
  readonly clock?: LabClock;
  readonly environments?: readonly EnvironmentOptions[];
  readonly rulesets?: readonly RulesetOptions[];
  readonly labels?: readonly LabelOptions[];
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly git: GitOptions;
  /** Serve the API on this unix socket too; `gh config set http_unix_socket` takes it for api.github.com. */
  readonly socketPath?: string;
  /** Requests an hour for all job tokens of the repository together. */
  readonly jobTokenLimit?: number;
}
