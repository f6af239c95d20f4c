/** Every way in which the recorded clusters are disturbed. */
import { ABSENT } from "./absent.js";
import type { Disturbance } from "./edit.js";
import { FORMATS } from "./formats.js";
import { NOISE } from "./noise.js";
import { SHAPES } from "./shapes.js";

const AS_RECORDED: Disturbance = { name: "as recorded", disturb: (recording) => recording };
export const DISTURBANCES: readonly Disturbance[] = [AS_RECORDED, ...ABSENT, ...FORMATS, ...SHAPES, ...NOISE];
