import { useEffect, useRef, useState } from 'preact/hooks'
import { drawnShapes } from '../ui/drawn-shapes.ts'
import { FileButton } from '../ui/file-button.tsx'
import { Picture } from '../ui/picture.tsx'
import { Problem } from '../ui/problem.tsx'
import { Camera } from './camera.tsx'
import { decodePicture, picture, pictureIn } from './picture.ts'

/** Other pictures than those that a training with the usual seed has learnt. */
const SHAPES_SEED = 1000

/** Where the picture comes from: dropped, pasted, chosen, drawn or seen by the camera. */
export function PicturePanel() {
  const [problem, setProblem] = useState<unknown>(null)
  const [over, setOver] = useState(false)
  const [camera, setCamera] = useState(false)
  const drawn = useRef(0)

  const take = (file: File | undefined) => {
    if (!file) return
    setProblem(null)
    setCamera(false)
    decodePicture(file).then((decoded) => {
      picture.value = decoded
    }, setProblem)
  }
  useEffect(() => {
    const paste = (event: ClipboardEvent) => take(pictureIn(event.clipboardData))
    addEventListener('paste', paste)
    return () => removeEventListener('paste', paste)
  }, [])
  const drawShape = () => {
    setProblem(null)
    setCamera(false)
    const { pixels } = drawnShapes(SHAPES_SEED, drawn.current + 1)[drawn.current]
    drawn.current++
    picture.value = new ImageData(pixels.data, pixels.width, pixels.height)
  }

  return (
    <section class="panel" aria-label="Picture">
      <h2 class="h3">Picture</h2>
      {camera ? (
        <Camera onProblem={setProblem} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping needs a pointer; the buttons below do the same
        <div
          class={over ? 'drop over' : 'drop'}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault()
            setOver(false)
            take(pictureIn(event.dataTransfer))
          }}
        >
          {picture.value ? (
            <Picture
              pixels={picture.value as ImageData & { data: Uint8ClampedArray<ArrayBuffer> }}
              label="your picture"
              smooth={picture.value.width > 64}
            />
          ) : (
            <p class="soft">Drop a picture here, or paste one.</p>
          )}
        </div>
      )}
      <div class="buttons">
        <FileButton accept="image/*" onFiles={([file]) => take(file)}>
          Choose a picture
        </FileButton>
        {'mediaDevices' in navigator && (
          <button type="button" class="button" aria-pressed={camera} onClick={() => setCamera(!camera)}>
            {camera ? 'Stop the camera' : 'Camera'}
          </button>
        )}
        <button type="button" class="button" onClick={drawShape}>
          Draw a shape
        </button>
      </div>
      <p class="small soft">The picture stays in this tab: nothing is sent anywhere.</p>
      <Problem error={problem} />
    </section>
  )
}
