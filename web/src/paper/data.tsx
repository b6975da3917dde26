import { useMemo, useState } from 'preact/hooks'
import { shapes } from '../../../src/data/shapes.ts'
import { Picture } from '../ui/picture.tsx'
import { fromBytes } from '../ui/pixels.ts'
import { Part } from './part.tsx'

/** Pictures of each class that are shown. */
const ROWS = 4

export function Data({ id }: { id: string }) {
  const [seed, setSeed] = useState(1)
  const { classes, images, labels } = useMemo(() => shapes({ seed, train: 10 * ROWS, test: 0 }).train, [seed])
  const pictures = useMemo(
    () => Array.from(labels, (_, n) => fromBytes(images.subarray(n * 3072, (n + 1) * 3072), 32, 32)),
    [images, labels],
  )
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
      <ul class="picture-grid shapes-grid">
        {pictures.map((pixels, n) => (
          <li key={n}>
            <Picture pixels={pixels} label={classes[labels[n]]} />
          </li>
        ))}
      </ul>
      <p class="small soft">{classes.join(', ')}.</p>
    </Part>
  )
}
