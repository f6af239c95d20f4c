/** The name of what a pod belongs to, as far as its own name tells: without the hashes and numbers that controllers append. */
export function withoutHash(pod: string): string {
  return pod.replace(/(?:-[a-z0-9]{6,10})?-[a-z0-9]{5}$|-\d+$/, "");
}
