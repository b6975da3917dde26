import { type Colour, type Image, measureColour, resolveTransforms } from 'alexnet'
import { imageOf } from 'alexnet/web'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { decodePicture, picture, pictureIn } from '../net/picture.ts'
import { drawnShapes } from '../ui/drawn-shapes.ts'
import { FileButton } from '../ui/file-button.tsx'
import { Formula, I, O, Sub } from '../ui/formula.tsx'
import { Picture } from '../ui/picture.tsx'
import { Problem } from '../ui/problem.tsx'
import { Select } from '../ui/select.tsx'
import { Slider } from '../ui/slider.tsx'
import { augmentationKinds } from './augmentation-kinds.ts'
import { augmented } from './augmented.ts'
import { Part } from './part.tsx'

/** The side at which pictures are shown: large enough to see what happens, small enough to be quick. */
const SIDE = 128
const USES = 8

export function Augmentation({ id }: { id: string }) {
  const [kindId, setKindId] = useState('paper')
  const kind = augmentationKinds.find((each) => each.id === kindId)!
  const [strength, setStrength] = useState(kind.strength?.initial ?? 0)
  const [first, setFirst] = useState(0)
  const [problem, setProblem] = useState<unknown>(null)
  const image = useMemo((): Image => imageOf(picture.value ?? drawnShapes(1, 9)[8].pixels), [picture.value])
  const colour = useColour(image)

  const take = (file: File | undefined) => {
    if (!file) return
    setProblem(null)
    decodePicture(file).then((decoded) => {
      picture.value = decoded
    }, setProblem)
  }
  const { whole, uses } = useMemo(() => {
    const chain = colour ? resolveTransforms(kind.chain(SIDE, strength), SIDE, colour) : []
    return {
      whole: augmented(image, [], SIDE, undefined),
      uses: Array.from({ length: USES }, (_, i) => augmented(image, chain, SIDE, first + i)),
    }
  }, [image, colour, kind, strength, first])

  return (
    <Part
      id={id}
      title="Augmentation"
      source="Section 4.1"
      text={
        <>
          <p>
            Sixty million parameters learn 1.2 million pictures by heart. More pictures would help, and a picture that
            is cut, mirrored or tinted still shows the same thing. So each use of a picture in training is another one,
            drawn anew.
          </p>
          <p>
            The paper takes patches of 224×224 pixels of 256×256 and their mirror images, and shifts the colours along
            the principal components of all colours in the training pictures:
          </p>
          <Formula label="to every pixel is added the sum over the three components of p i times alpha i times sigma i">
            <Sub of={<I>p</I>} by={<mn>1</mn>} />
            <Sub of={<I>α</I>} by={<mn>1</mn>} />
            <Sub of={<I>σ</I>} by={<mn>1</mn>} />
            <O>+</O>
            <Sub of={<I>p</I>} by={<mn>2</mn>} />
            <Sub of={<I>α</I>} by={<mn>2</mn>} />
            <Sub of={<I>σ</I>} by={<mn>2</mn>} />
            <O>+</O>
            <Sub of={<I>p</I>} by={<mn>3</mn>} />
            <Sub of={<I>α</I>} by={<mn>3</mn>} />
            <Sub of={<I>σ</I>} by={<mn>3</mn>} />
          </Formula>
          <p>
            <i>p</i> are the components, <i>σ</i> the deviations along them, and each <i>α</i> is drawn from a bell
            curve of deviation 0.1. The paper writes λ for σ; the authors' code takes deviations.
          </p>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping needs a pointer; the button does the same */}
      <div
        class="augmentation"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          take(pictureIn(event.dataTransfer))
        }}
      >
        <div class="panel-head">
          <h3>One picture, {USES} uses</h3>
          <FileButton accept="image/*" onFiles={([file]) => take(file)}>
            Your own picture
          </FileButton>
        </div>
        <div class="controls">
          <Select
            label="Kind"
            value={kindId}
            options={augmentationKinds.map((each) => ({ value: each.id, label: each.label }))}
            onChange={(next) => {
              setKindId(next)
              setStrength(augmentationKinds.find((each) => each.id === next)?.strength?.initial ?? 0)
            }}
          />
          {kind.strength && (
            <Slider
              label={kind.strength.label}
              min={kind.strength.min}
              max={kind.strength.max}
              step={kind.strength.step}
              value={strength}
              onChange={setStrength}
            />
          )}
        </div>
        <p class="small soft">{kind.about}</p>
        <div class="augmentation-pictures">
          <figure>
            <Picture pixels={whole} label="The picture as it is" smooth />
            <figcaption class="small soft">as it is</figcaption>
          </figure>
          <ul class="picture-grid uses-grid">
            {uses.map((pixels, i) => (
              <li key={i}>
                <Picture pixels={pixels} label={`Use ${i + 1}: ${kind.label}`} smooth />
              </li>
            ))}
          </ul>
        </div>
        <div class="buttons">
          <button type="button" class="button" onClick={() => setFirst(first + USES)}>
            Draw again
          </button>
        </div>
        <Problem error={problem} />
      </div>
    </Part>
  )
}

/** The principal components of the picture's own colours. */
function useColour(image: Image): Colour | null {
  const [colour, setColour] = useState<Colour | null>(null)
  useEffect(() => {
    let current = true
    measureColour([image]).then((measured) => {
      if (current) setColour(measured)
    })
    return () => {
      current = false
    }
  }, [image])
  return colour
}
