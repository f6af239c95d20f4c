import { nodeId } from "../render/user.js";
import { type Site, timestamp } from "../site.js";
import type { IssueRecord, TimelineRecord } from "../state.js";
import { actorNode, actorOrNull } from "./actor.js";
import { connect, type Node, type PageArgs } from "./connection.js";
import { labelNode } from "./label.js";

const typenames: Record<TimelineRecord["event"], string> = {
  labeled: "LabeledEvent",
  unlabeled: "UnlabeledEvent",
  closed: "ClosedEvent",
  reopened: "ReopenedEvent",
  locked: "LockedEvent",
  unlocked: "UnlockedEvent",
  renamed: "RenamedTitleEvent",
  assigned: "AssignedEvent",
};

/** What happened to an issue apart from comments; `itemTypes` as GitHub names them (`LABELED_EVENT`). */
export function timelineConnection(
  site: Site,
  issue: IssueRecord,
  args: PageArgs & { readonly itemTypes?: string[] | null },
): Node {
  const wanted = args.itemTypes?.map((name) => name.toLowerCase().replaceAll("_", ""));
  const items = issue.timeline.filter((record) => !wanted || wanted.includes(typenames[record.event].toLowerCase()));
  return connect({ items, keyOf: ({ id }) => id, render: (record) => timelineNode(site, record) }, args);
}

function timelineNode(site: Site, record: TimelineRecord): Node {
  return {
    __typename: typenames[record.event],
    id: nodeId("EV", record.id),
    createdAt: timestamp(record.createdAt),
    actor: actorNode(site, record.actor),
    label: record.label && labelNode(record.label),
    previousTitle: record.rename?.from,
    currentTitle: record.rename?.to,
    assignee: actorOrNull(site, record.assignee ?? null),
    stateReason: record.stateReason?.toUpperCase() ?? null,
    lockReason: null,
  };
}
