import type { ComponentType } from 'preact'
import { Architecture } from './architecture.tsx'
import { Augmentation } from './augmentation.tsx'
import { Data } from './data.tsx'
import { Dropout } from './dropout.tsx'
import { Initialisation } from './initialisation.tsx'
import { LearningRule } from './learning-rule.tsx'
import { LocalResponseNormalisation } from './local-response-normalisation.tsx'
import { Pooling } from './pooling.tsx'
import { RateDrops } from './rate-drops.tsx'
import { Relu } from './relu.tsx'
import { Results } from './results.tsx'

export interface PartEntry {
  /** Its place in the address: `#/paper/dropout`. */
  readonly id: string
  /** Its line in the contents. */
  readonly title: string
  readonly Content: ComponentType<{ readonly id: string }>
}

/** In the order of the paper. */
export const parts: readonly PartEntry[] = [
  { id: 'data', title: 'The pictures', Content: Data },
  { id: 'relu', title: 'ReLU', Content: Relu },
  { id: 'lrn', title: 'Local response normalisation', Content: LocalResponseNormalisation },
  { id: 'pooling', title: 'Overlapping pooling', Content: Pooling },
  { id: 'architecture', title: 'The network', Content: Architecture },
  { id: 'augmentation', title: 'Augmentation', Content: Augmentation },
  { id: 'dropout', title: 'Dropout', Content: Dropout },
  { id: 'learning', title: 'Momentum and weight decay', Content: LearningRule },
  { id: 'initialisation', title: 'How weights start', Content: Initialisation },
  { id: 'rate', title: 'How the rate falls', Content: RateDrops },
  { id: 'results', title: 'What came of it', Content: Results },
]
