/** What the SDK throws, as our one kind of failure, with the next step. Pure. */
import { readForMatching } from "../../../outside/match.js";
import { redact } from "../../../outside/redact.js";
import { describeConnectionFailure } from "../../connection.js";
import { SourceUnavailableError } from "../../unavailable.js";

export interface FailureContext {
  readonly who: string;
  readonly permission: string; // that the call needs: "logs:StartQuery"
  readonly isLate: boolean; // the call was given up
}

const MAX_REASON = 160;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html */
const KINDS: readonly {
  readonly names: RegExp;
  readonly says: (reason: string, permission: string) => string;
  readonly heals?: true;
}[] = [
  {
    names: /^CredentialsProviderError$/,
    says: () => "was not asked, there are no AWS credentials: log in to AWS in an earlier step of this job",
  },
  {
    names: /^(AccessDenied|UnauthorizedOperation|NotAuthorized)/,
    says: (_reason, permission) => `refused access: the role needs the permission ${permission}`,
  },
  {
    names:
      /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|MissingAuthenticationToken|OptInRequired)/,
    says: (reason) => `does not accept the credentials${reason}: look at the step of this job that logs in`,
  },
  {
    names: /^(Throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown)/,
    says: (reason) => `asks for fewer requests${reason}`,
    heals: true,
  },
  { names: /^ResourceNotFound/, says: (reason) => `does not know what was asked for${reason}: check log-groups of the signal` },
  {
    names: /^(MalformedQuery|ValidationE|Validation$|InvalidParameter|MissingRequiredParameter|InvalidQuery)/,
    says: (reason) => `cannot run the query${reason}: check the query in the service catalogue`,
  },
];

export function describeFailure(error: unknown, { who, permission, isLate }: FailureContext): SourceUnavailableError {
  if (isLate) return new SourceUnavailableError(`${who} gave no complete answer in time.`, false);
  const { name, reason, status } = read(error);
  const kind = KINDS.find(({ names }) => names.test(name));
  if (kind !== undefined) return new SourceUnavailableError(`${who} ${kind.says(reason, permission)}.`, kind.heals ?? false);
  if (status === null) {
    const { says, mayHeal } = describeConnectionFailure(error, { url: "sources.cloudwatch.region and endpoint", tls: null });
    return new SourceUnavailableError(`${who} ${says}.`, mayHeal);
  }
  return new SourceUnavailableError(`${who} answered ${status} ${name}${reason}: look at its own health.`, status >= 500);
}

interface Thrown {
  readonly name: string;
  readonly reason: string; // in brackets, or empty
  readonly status: number | null; // null: there was no answer
}

function read(error: unknown): Thrown {
  if (!(error instanceof Error)) return { name: "unknown failure", reason: "", status: null };
  const message = readForMatching(redact(error.message, MAX_REASON)).trim();
  return { name: error.name, reason: message === "" ? "" : ` (${message})`, status: statusOf(error) };
}

function statusOf(error: object): number | null {
  if (!("$metadata" in error) || typeof error.$metadata !== "object" || error.$metadata === null) return null;
  const { $metadata } = error;
  return "httpStatusCode" in $metadata && typeof $metadata.httpStatusCode === "number" ? $metadata.httpStatusCode : null;
}
