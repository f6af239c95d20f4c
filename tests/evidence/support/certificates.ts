/** Certificates made by openssl in a folder of their own: a root, and leaves that it signed. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface KeyPair {
  readonly cert: string; // PEM
  readonly key: string;
}
export interface Authority {
  readonly path: string; // of the root's PEM
  sign(names: string, days?: number): KeyPair;
  remove(): void;
}

export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-certificates-"));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test root");
  let count = 0;
  return {
    path: at("ca.pem"),
    sign: (names, days = 2) => {
      const leaf = `leaf-${(count += 1)}`;
      writeFileSync(at(`${leaf}.ext`), `subjectAltName=${names}\n`);
      openssl("req", ...key, "-keyout", `${leaf}.key`, "-out", `${leaf}.csr`, "-subj", `/CN=${leaf}`);
      const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", `${leaf}.ext`, "-days", `${days}`];
      openssl("x509", "-req", "-in", `${leaf}.csr`, "-out", `${leaf}.pem`, ...signed);
      return { cert: readFileSync(at(`${leaf}.pem`), "utf8"), key: readFileSync(at(`${leaf}.key`), "utf8") };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
