import { nodeId } from "../render/user.js";
import type { LabelRecord } from "../state.js";
import type { Node } from "./connection.js";

export function labelNode(label: LabelRecord): Node {
  return {
    __typename: "Label",
    id: nodeId("LA", label.id),
    name: label.name,
    color: label.color,
    description: label.description,
    isDefault: false,
  };
}
