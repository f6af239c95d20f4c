/** Loaded with `node --import` into every process of the world: none outlives the lab, even one that was killed. */
process.on("disconnect", () => process.exit(1));
