import { useEffect, useRef, useState } from 'preact/hooks'
import { shapes } from '../../../src/data/shapes.ts'
import { FileButton } from '../ui/file-button.tsx'
import { Picture } from '../ui/picture.tsx'
import { fromBytes } from '../ui/pixels.ts'
import { Problem } from '../ui/problem.tsx'
import { Camera } from './camera.tsx'
import { decodePicture, picture, pictureIn } from './picture.ts'

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
    const { images } = shapes({ seed: 1000 + drawn.current, train: 10, test: 0 }).train
    const which = drawn.current++ % 10
    const { data, width, height } = fromBytes(images.subarray(which * 3072, (which + 1) * 3072), 32, 32)
    picture.value = new ImageData(data, width, height)
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
