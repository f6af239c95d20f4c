/** Names that do not resolve though the cluster has them, and pods whose DNS settings lead elsewhere. */
import type { WorkloadManifest } from "../manifest.js";
import { isWell } from "../pod-health.js";
import type { Said, View } from "../view.js";

export const UNRESOLVED =
  /no such host|name or service not known|name resolution|getaddrinfo|ENOTFOUND|EAI_AGAIN|UnknownHostException|could not resolve|server misbehaving|nodename nor servname/i;
/** How near to the end of a log a failure still counts as going on, as a share of its lines. */
const RECENT = 0.3;
/** Share of the recent lines from which on it is no passing trouble: right after a start, names may be unknown for a while. */
const MOSTLY = 0.3;

export function checkNames(view: View): readonly Said[] {
  return [...checkSettings(view), ...checkLookups(view), ...checkNameServer(view)];
}

/** Settings that keep a pod from asking the cluster's name server. */
function checkSettings({ manifests, cluster }: View): readonly Said[] {
  return manifests
    .filter((each): each is WorkloadManifest => "spec" in each && "template" in each.spec)
    .flatMap(({ metadata, spec }) => {
      const { dnsPolicy, dnsConfig, hostAliases } = spec.template.spec;
      const aliases = (hostAliases ?? []).flatMap(({ hostnames }) => hostnames);
      const alias = (cluster.services ?? []).find(({ name }) =>
        aliases.some((host) => host === name || host.startsWith(`${name}.`)),
      );
      if (alias)
        return [say(`app/${metadata.name}`, "dns", "SettingsElsewhere", `hostAliases give ${alias.name} a fixed address`, 0.9)];
      if (dnsPolicy !== "None" && dnsPolicy !== "Default") return [];
      const servers = dnsConfig?.nameservers.join(", ") ?? "";
      return [
        say(
          `app/${metadata.name}`,
          "dns",
          "SettingsElsewhere",
          `dnsPolicy ${dnsPolicy}${servers === "" ? "" : ` with ${servers}`}`,
          0.9,
        ),
      ];
    });
}

/** A service that exists, and an app that cannot resolve its name lately and again and again. */
function checkLookups({ cluster, logsByApp }: View): readonly Said[] {
  const names = (cluster.services ?? []).map(({ name }) => name);
  return [...logsByApp].flatMap(([app, lines]) => {
    const recent = lines.slice(-Math.max(20, Math.ceil(lines.length * RECENT)));
    const failed = recent.filter((line) => UNRESOLVED.test(line));
    const hosts = names.filter((name) => failed.some((line) => mentions(line, name)));
    if (failed.length < 2 || hosts.length === 0) return [];
    const message = `${hosts.slice(0, 3).join(", ")} cannot be resolved, and the service exists (${failed.length} of the last ${recent.length} lines)`;
    return [say(app, "dns", "Unresolved", message, failed.length / recent.length >= MOSTLY ? 0.85 : 0.6)];
  });
}

function mentions(line: string, name: string): boolean {
  const at = line.indexOf(name);
  return at !== -1 && !/[\w-]/.test(line.charAt(at + name.length)) && !/[\w-]/.test(line.charAt(at - 1));
}

/** The cluster's own name server, when it is among the pods looked at. */
function checkNameServer({ cluster, appOf }: View): readonly Said[] {
  const servers = cluster.pods.filter(({ name }) => /^(?:coredns|kube-dns)-/.test(name));
  const unwell = servers.filter((pod) => !isWell(pod));
  const [first] = unwell;
  if (first === undefined) return [];
  return [say(appOf(first.name), "dns", "ServerUnwell", `${unwell.length} of ${servers.length} name servers are not well`, 0.9)];
}

function say(object: string, of: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of, reason, object, message, ageMs: 0, score };
}
