import { useEffect, useRef } from 'preact/hooks'
import { theme } from '../shell/theme.ts'

/** Something that can be painted pixel by pixel: RGBA, row by row. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

interface PictureProps {
  readonly pixels: Pixels
  /** What it shows; empty where a text beside it says so already. */
  readonly label: string
  /** `smooth`: enlarged without visible pixels. */
  readonly smooth?: boolean
}

/** A picture from numbers. */
export function Picture({ pixels, label, smooth }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const { width, height, data } = pixels
    canvas.current!.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0)
  }, [pixels, theme.value])
  return (
    <canvas
      ref={canvas}
      class={smooth ? 'picture' : 'picture pixels'}
      width={pixels.width}
      height={pixels.height}
      role={label ? 'img' : undefined}
      aria-label={label || undefined}
      aria-hidden={label ? undefined : true}
    />
  )
}
