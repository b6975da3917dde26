/** What a folder of pictures is like, before any of them is decoded: what the defaults of a training follow. */
export interface FolderFacts {
  /** Pictures to learn from, of each class; some may yet be held out, or turn out unreadable. */
  readonly counts: readonly number[]
  /** A part of its own measures the training: none is held out. */
  readonly hasValidation: boolean
  /** The median of some pictures' sizes; undefined where none of them could be measured. */
  readonly size?: { readonly width: number; readonly height: number }
}

/** How many pictures there are to learn from. */
export function picturesIn({ counts }: FolderFacts): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
