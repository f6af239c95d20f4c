import { describe, expect, it } from "vitest";
import { exactJson, exactWord } from "../../src/render/exact-json.js";
import { callout, firstWords, fitLines, link, mention, ourWords, person, table } from "../../src/render/markdown.js";

describe("link", () => {
  it.each([
    ["https://grafana.example/explore?q=(a)", "[x](https://grafana.example/explore?q=%28a%29)"],
    ["javascript:alert(1)", "x"],
    ["data:text/html,hi", "x"],
    ["not a url", "x"],
    [null, "x"],
    [`https://a.example/${"y".repeat(600)}`, "x"],
    ["https://a.example/) [evil](https://b.example", "[x](https://a.example/%29%20%5Bevil%5D%28https://b.example)"],
    ["https://a.example/|cell", "[x](https://a.example/%7Ccell)"],
  ])("leads only to http and https, and cannot be broken out of: %s", (url, expected) => {
    expect(link("x", url)).toBe(expected);
  });
});

describe("mention", () => {
  it.each(["@octocat", "@acme/on-call"])("notifies %s", (handle) => {
    expect(mention(handle)).toBe(handle);
  });

  it.each(["everyone", "@a b", "@x/<img>"])("leaves %s dead", (handle) => {
    expect(mention(handle)).not.toMatch(/@[a-z]/i);
  });
});

it("names a person without notifying them", () => {
  expect(person("octocat")).toBe("**octocat**");
  expect(person("helper[bot]")).toBe("**helper\\[bot\\]**");
  expect(person("@octocat")).not.toContain("@octocat");
});

it("lets commands stand out in our own words, and nothing come alive", () => {
  expect(ourWords("Type `/retry <hint>` or wait.")).toBe("Type <code>/retry &#60;hint&#62;</code> or wait.");
  expect(ourWords("`/ack` says <b> @everyone `/hold`")).not.toMatch(/<b>|@everyone/);
  expect(ourWords("`/ack` `/hold`")).toBe("`/ack` `/hold`");
});

describe("firstWords", () => {
  it("leaves a short text whole", () => {
    expect(firstWords("three short words", 3)).toBe("three short words");
  });

  it("cuts by words and says so", () => {
    expect(firstWords("one two three four", 2)).toBe("one two …");
  });

  it("cuts a word without end", () => {
    expect(firstWords("x".repeat(9000), 5).length).toBeLessThan(60);
  });
});

describe("fitLines", () => {
  it("keeps what fits and counts the rest", () => {
    expect(fitLines(["aaaa", "bbbb", "cccc"], 15, (left) => `${left} more`)).toEqual(["aaaa", "bbbb", "1 more"]);
  });

  it("says nothing when all fits", () => {
    expect(fitLines(["aaaa"], 7, (left) => `${left} more`)).toEqual(["aaaa"]);
  });
});

it("keeps a callout's mark alone on its line", () => {
  expect(callout("NOTE", ["one", "two"])).toBe("> [!NOTE]\n> one  \n> two");
});

it("keeps a table cell on one line", () => {
  expect(table(["a"], [["x\n y"]])).toBe("| a |\n| --- |\n| x y |");
});

describe("exactJson", () => {
  it("shows characters that cannot be seen, and means the same", () => {
    const sneaky = { image: "shop\u200b:v1\u202e2\u00a0" };
    const shown = exactJson(sneaky);
    expect(shown).toContain(String.raw`shop\u200b:v1\u202e2\u00a0`);
    expect(JSON.parse(shown)).toEqual(sneaky);
  });

  it.each([
    ["v141", "v141"],
    ["", '""'],
    ["v1 ", '"v1 "'],
    [6, "6"],
    [null, "null"],
    ["a\u200bb", String.raw`"a\u200bb"`],
  ])("writes the word %j as %s", (value, expected) => {
    expect(exactWord(value)).toBe(expected);
  });
});
