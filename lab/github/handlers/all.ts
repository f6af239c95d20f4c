import type { Handlers } from "../api/operation.js";
import { commentHandlers } from "./comments.js";
import { commitHandlers } from "./commits.js";
import { contentHandlers } from "./contents.js";
import { deploymentHandlers } from "./deployments.js";
import { environmentHandlers } from "./environments.js";
import { gitDataHandlers } from "./git-data.js";
import { issueHandlers } from "./issues.js";
import { labelHandlers } from "./labels.js";
import { metaHandlers } from "./meta.js";
import { pullHandlers } from "./pulls.js";
import { reactionHandlers } from "./reactions.js";
import { refHandlers } from "./refs.js";
import { repositoryHandlers } from "./repository.js";
import { reviewHandlers } from "./reviews.js";
import { runHandlers } from "./runs.js";
import { workflowHandlers } from "./workflows.js";

/** Every REST operation the stand-in has. Another is answered with an error, never with a guess. */
export const allHandlers: Handlers = {
  ...commentHandlers,
  ...commitHandlers,
  ...contentHandlers,
  ...deploymentHandlers,
  ...environmentHandlers,
  ...gitDataHandlers,
  ...issueHandlers,
  ...labelHandlers,
  ...metaHandlers,
  ...pullHandlers,
  ...reactionHandlers,
  ...refHandlers,
  ...repositoryHandlers,
  ...reviewHandlers,
  ...runHandlers,
  ...workflowHandlers,
};
