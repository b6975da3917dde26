import { AlexNetError, messageOf } from 'alexnet'
import { useEffect, useRef } from 'preact/hooks'
import { picture, pixelsOf } from './picture.ts'

/** Between two pictures, in milliseconds. */
const INTERVAL = 400

/** The camera's picture, taken over and over again as long as it is shown. */
export function Camera({ onProblem }: { onProblem: (error: unknown) => void }) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    let ended = false
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setInterval> | undefined
    const open = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (ended) return stop()
      const element = video.current!
      element.srcObject = stream
      await element.play()
      timer = setInterval(() => {
        if (element.videoWidth > 0) picture.value = pixelsOf(element, element.videoWidth, element.videoHeight)
      }, INTERVAL)
    }
    const stop = () => {
      clearInterval(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    open().catch((cause: unknown) => {
      if (!ended)
        onProblem(
          new AlexNetError(
            'missing-data',
            `the camera cannot be used (${messageOf(cause)})`,
            'Allow it in the browser, or choose a picture.',
            { cause },
          ),
        )
    })
    return () => {
      ended = true
      stop()
    }
  }, [])
  return <video ref={video} class="picture" muted playsInline aria-label="What the camera sees" />
}
