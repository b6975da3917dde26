import { useMemo, useState } from 'preact/hooks'
import { drawnShapes } from '../ui/drawn-shapes.ts'
import { ShapesGrid } from '../ui/shapes-grid.tsx'
import { Part } from './part.tsx'

/** Pictures of each class that are shown. */
const ROWS = 4

export function Data({ id }: { id: string }) {
  const [seed, setSeed] = useState(1)
  const drawn = useMemo(() => drawnShapes(seed, 10 * ROWS), [seed])
  return (
    <Part
      id={id}
      title="The pictures"
      source="Section 2"
      text={
        <>
          <p>
            ImageNet holds over 15 million labelled photographs of some 22,000 kinds of things. The competition used
            1,000 of these kinds: 1.2 million pictures to learn from, 50,000 to choose by and 150,000 for the test.
          </p>
          <p>
            The network took squares of 224×224 pixels, with the mean of the training pictures subtracted and nothing
            else prepared by hand.
          </p>
          <p>
            That is too much for a tab. This page learns from CIFAR-10, or from the ten shapes shown here, which are
            drawn by code: any place, size, turn and colour, over clutter and noise.
          </p>
        </>
      }
    >
      <div class="panel-head">
        <h3>Ten shapes, a column each</h3>
        <button type="button" class="button quiet" onClick={() => setSeed(seed + 1)}>
          Draw others
        </button>
      </div>
      <ShapesGrid shapes={drawn} />
      <p class="small soft">
        {drawn
          .slice(0, 10)
          .map(({ label }) => label)
          .join(', ')}
        .
      </p>
    </Part>
  )
}
