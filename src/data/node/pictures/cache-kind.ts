/** Where decoded pictures are kept: in memory, in a file of the data folder, or nowhere: decoded anew at every use. */
export const cacheKinds = ['memory', 'disk', 'none'] as const
export type CacheKind = (typeof cacheKinds)[number]
