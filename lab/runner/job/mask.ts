/** Secrets of a job; everything it prints and every output it hands on passes here. */
export class Mask {
  #values: string[] = [];

  /** Hides the value, each line of it, and the encodings in which tools print it. Blank values are ignored. */
  add(secret: string): void {
    for (const value of [secret, ...secret.split(/\r?\n/)]) {
      if (value.trim() === "") continue;
      const encoded = [
        value,
        JSON.stringify(value).slice(1, -1),
        encodeURIComponent(value),
        Buffer.from(value).toString("base64"),
      ];
      this.#values = [...new Set([...this.#values, ...encoded])];
    }
    // Longest first: a secret that contains another one must vanish whole.
    this.#values.sort((a, b) => b.length - a.length);
  }

  apply(text: string): string {
    return this.#values.reduce((masked, value) => masked.replaceAll(value, "***"), text);
  }

  hides(text: string): boolean {
    return this.#values.some((value) => text.includes(value));
  }
}
