import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTemplateMiner, MAX_TEMPLATES, type LogLine } from "../../src/signals/log-templates.js";
import { maskVariables } from "../../src/signals/mask.js";

function mine(texts: readonly string[]): { text: string; count: number }[] {
  const miner = createTemplateMiner();
  texts.forEach((text, index) => miner.add({ at: index, text }));
  return miner.templates().map(({ text, count }) => ({ text, count }));
}

describe("masking", () => {
  it.each([
    ["took 12.5 ms", "took <*>"],
    ["user 6f1d2c3b-1111-2222-3333-444455556666 gone", "user <*> gone"],
    ["2026-11-20T04:40:00.189Z start", "<*> start"],
    ["connect 10.0.0.7:5432 failed", "connect <*> failed"],
    ["sent 18846 bytes (18.4 KB) in <1 sec", "sent <*> in <*>"],
    ["mac 5c:50:15:4c:18:13 and fe80::1:2:3 seen", "mac <*> and <*> seen"],
    ["GET https://shop.example/a?b=1, twice", "GET <*>, twice"],
    ["proxy.example.com:8080 close", "<*> close"],
    ["Order.java:180 is no address", "Order.java:180 is no address"],
    ["commit 1f3a9bc2d4 built", "commit <*> built"],
    ["at 0xDEADbeef", "at <*>"],
    ["decade of facade", "decade of facade"],
  ])("%s → %s", (line, masked) => {
    expect(maskVariables(line)).toBe(masked);
  });
});

describe("templates", () => {
  it("are one for lines that differ only in values", () => {
    const lines = [1, 2, 3].map((waiting) => `ERROR timeout: no free connection in pool (size=4, waiting=${waiting})`);
    expect(mine(lines)).toEqual([{ text: "ERROR timeout: no free connection in pool (size=<*>, waiting=<*>)", count: 3 }]);
  });

  it("find words that vary by themselves, once five have been seen", () => {
    const people = ["alice", "bob", "carol", "dave", "erin"];
    const lines = people.map((name) => `order by ${name} was placed`);
    expect(mine(lines.slice(0, 4))).toHaveLength(4);
    expect(mine(lines)).toEqual([{ text: "order by <*> was placed", count: 5 }]);
    expect(mine([...lines, "order by frank was placed", ...lines])).toEqual([{ text: "order by <*> was placed", count: 11 }]);
  });

  it("tell the id that an early line ended in", () => {
    const miner = createTemplateMiner();
    const ids = ["ann", "bea", "cleo", "dora", "eve"].map((name) => miner.add({ at: 0, text: `user ${name} could not sign in` }));
    expect(new Set(ids.map((id) => miner.current(id ?? -1))).size).toBe(1);
  });

  it.each([
    {
      name: "messages in key=value lines",
      lines: ['level=error msg="connection refused" peer=a', 'level=error msg="pool is empty" peer=a'],
    },
    {
      name: "messages in JSON",
      lines: ['{"level":"error","msg":"connection refused"}', '{"level":"error","msg":"pool is empty"}'],
    },
    { name: "kinds of errors", lines: ["caused by java.net.ConnectException: no", "caused by java.io.EOFException: no"] },
    { name: "what a key=value pair tells", lines: ["job done status=failed", "job done status=succeeded"] },
    { name: "what a line begins with", lines: ["setSteps=12", "setTotal=12"] },
    { name: "names with one digit", lines: ["link up on eth0 again", "link up on wlan0 again"] },
  ])("keep apart $name", ({ lines }) => {
    expect(mine(lines)).toHaveLength(2);
  });

  it.each([
    { name: "values of keys", lines: ["lock acquired tag=alpha by=x", "lock acquired tag=beta by=y"] },
    { name: "lists of different length", lines: ["ports 80, 443 open", "ports 80, 443, 8080 open"] },
    { name: "an amount given twice or once", lines: ["got 12 bytes in all", "got 18846 bytes (18.4 KB) in all"] },
    { name: "people named as such", lines: ["session opened for user ada again", "session opened for user bob again"] },
    { name: "states gone from and to", lines: ["order moved from NEW to PAID", "order moved from PAID to SENT"] },
    { name: "empty and filled keys", lines: ["login uid=0 user=ada done", "login uid=1 user=bob done"] },
    { name: "paths with backslashes", lines: ["loaded C:\\Windows\\a.dll now", "loaded C:\\Users\\b.dll now"] },
    { name: "paths", lines: ["cannot open file /var/log/a.log here", "cannot open file /etc/passwd here"] },
    { name: "qualified names", lines: ["started job com.acme.shop.billing now", "started job org.example.tidy now"] },
    { name: "true and false", lines: ["panel is shown: true", "panel is shown: false"] },
    { name: "spaces and tabs", lines: ["a  few\twords", "a few words"] },
  ])("are one for $name", ({ lines }) => {
    expect(mine(lines)).toMatchObject([{ count: 2 }]);
  });

  it("show a value of a key as long as it never changed", () => {
    expect(mine(["retry 1 cause=timeout peer=db", "retry 2 cause=timeout peer=db"])[0]?.text).toBe(
      "retry <*> cause=timeout peer=db",
    );
    expect(mine(["retry 1 cause=timeout peer=db", "retry 2 cause=timeout peer=cache"])[0]?.text).toBe(
      "retry <*> cause=timeout peer=<*>",
    );
  });

  it("keep an example from the beginning and the latest", () => {
    const miner = createTemplateMiner();
    for (const id of [1, 2, 3]) miner.add({ at: id, text: `order ${id} failed` });
    expect(miner.templates()[0]?.examples).toEqual(["order 1 failed", "order 3 failed"]);
  });

  it("stay apart for lines that say different things", () => {
    expect(mine(["ERROR connection refused by peer", "ERROR no free connection left", "INFO order placed"])).toHaveLength(3);
  });

  it("are ordered by count, and know when they were seen", () => {
    const miner = createTemplateMiner();
    const lines: LogLine[] = [
      { at: 30, text: "b happened" },
      { at: 10, text: "a was there first" },
      { at: 20, text: "b happened" },
    ];
    expect(lines.map((line) => miner.add(line))).toEqual([0, 1, 0]);
    expect(miner.templates()).toMatchObject([
      { id: 0, count: 2, firstAt: 20, lastAt: 30 },
      { id: 1, count: 1 },
    ]);
  });

  it("do not grow without bound", () => {
    const miner = createTemplateMiner();
    const letters = "abcdefghijklmnopqrstuvwxyz";
    for (let index = 0; index < MAX_TEMPLATES + 50; index += 1) {
      const word = [1, 26, 676].map((place) => letters[Math.floor(index / place) % 26] ?? "").join("");
      miner.add({ at: index, text: `${word}-first only ${word}` });
    }
    expect(miner.templates()).toHaveLength(MAX_TEMPLATES);
    expect(miner.uncounted()).toBe(50);
    expect(miner.add({ at: 0, text: "  " })).toBeNull();
  });

  it("count every line that is not empty exactly once, whatever it says", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 80 }), (texts) => {
        const miner = createTemplateMiner();
        const counted = texts.filter((text) => miner.add({ at: 0, text }) !== null).length;
        expect(miner.templates().reduce((sum, { count }) => sum + count, 0)).toBe(counted);
        expect(counted + miner.uncounted()).toBe(texts.filter((text) => text.trim() !== "").length);
      }),
    );
  });
});
