import type { EnvironmentOptions, GitHubOptions, RulesetOptions } from "./github/options.js";
import type { SigningKeys } from "./keys.js";
import type { LabClock } from "./model.js";
import { people, roleOf, type Seat } from "./people.js";
import type { World } from "./world/world.js";

export interface ShopParts {
  readonly clock: LabClock;
  readonly gitDir: string;
  readonly world: Pick<World, "hostUrl" | "hostToken">;
  readonly mind: SigningKeys;
  readonly hands: SigningKeys;
}

const mainOnly = { patterns: ["main"] } as const;

/** The private repository `acme/shop` as Gatehouse wants it: keys in protected environments, reservation tags for ever. */
export function shopOptions({ clock, gitDir, world, mind, hands }: ShopParts): GitHubOptions {
  const seats = Object.keys(people) as Seat[];
  return {
    owner: "acme",
    repo: "shop",
    private: true,
    defaultBranch: "main",
    users: seats.map((seat) => ({ login: people[seat], role: roleOf(seat) })),
    clock,
    environments: environments({ world, mind, hands }),
    rulesets: [reservationTags],
    git: { gitDir },
  };
}

function environments({ world, mind, hands }: Pick<ShopParts, "world" | "mind" | "hands">): EnvironmentOptions[] {
  return [
    { name: "gatehouse-mind", branchPolicy: mainOnly, secrets: { GATEHOUSE_MIND_KEY: mind.privateKey } },
    { name: "production-gate", branchPolicy: mainOnly, secrets: { GATEHOUSE_HANDS_KEY: hands.privateKey } },
    {
      name: "production",
      branchPolicy: mainOnly,
      secrets: { SHOP_HOST_TOKEN: world.hostToken },
      variables: { SHOP_HOST_URL: world.hostUrl },
    },
  ];
}

const reservationTags: RulesetOptions = {
  name: "Gatehouse reservations",
  target: "tag",
  include: ["refs/tags/gatehouse/**/*"], // a final ** would stop at a slash
  rules: ["update", "deletion"],
};
