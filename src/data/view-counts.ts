/** How many views a test takes of each picture. */
export const viewCounts = [1, 2, 9, 10] as const
export type ViewCount = (typeof viewCounts)[number]
