import { defaults } from "@actions/github/lib/utils";

/** `fetch` as the runner wants it for GitHub: through the proxy of HTTPS_PROXY and NO_PROXY, which self-hosted runners may have. */
export const runnerFetch: typeof fetch = (input, init) => (defaults.request?.fetch ?? fetch)(input, init);
