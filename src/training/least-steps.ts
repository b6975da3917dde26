/** A search for the rate with fewer steps leaves nothing to look at. */
export const LEAST_STEPS = 20
