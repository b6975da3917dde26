/** The trained networks that come with the package, in `zoo/` beside its `dist/`: each a checkpoint and its card. */
export const zooNames = ['cifar10', 'photographs'] as const
export type ZooName = (typeof zooNames)[number]

/** What the name of one begins with where a run may be named: `zoo:cifar10`. */
export const ZOO = 'zoo:'

/**
 * Below this probability it is said that the picture may show none of what a network of the zoo knows. The cards tell how
 * often that is said of pictures of its classes, and of others.
 */
export const SURE = 0.6
