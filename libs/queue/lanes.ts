/** Lanes in the order in which they go: whoever is free looks at the first that has something. */
export const LANES = ['breach', 'emergency', 'priority', 'urgent', 'routine'] as const;
export type Lane = (typeof LANES)[number];

/** What must not wait until a batch of the rest is through. */
export const PRESSING: readonly Lane[] = ['breach', 'emergency'];

export const isLane = (name: string): name is Lane => (LANES as readonly string[]).includes(name);
