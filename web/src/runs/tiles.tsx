import type { TileGrid } from 'alexnet/api'
import { useEffect, useRef, useState } from 'preact/hooks'

interface TilesProps {
  readonly title: string
  readonly grid: TileGrid
  /** Where the picture with all tiles lies. */
  readonly address: string
  /** A line for each tile. */
  readonly captions?: readonly string[]
}

/** The tiles of a picture one by one, so that they wrap as the page is wide, each with its caption. */
export function Tiles({ title, grid, address, captions }: TilesProps) {
  const picture = usePicture(address)
  return (
    <section aria-label={title}>
      <h3 class="small-heading">{title}</h3>
      <ul class={`picture-grid ${captions ? 'captioned-grid' : 'filters-grid'}`}>
        {Array.from({ length: grid.count }, (_, i) => (
          <li key={i}>
            <Tile picture={picture} grid={grid} index={i} label={captions?.[i] ?? `${i + 1}`} />
            {captions && (
              <span class="small soft" aria-hidden="true">
                {captions[i]}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

interface TileProps {
  readonly picture: HTMLImageElement | null
  readonly grid: TileGrid
  readonly index: number
  readonly label: string
}

function Tile({ picture, grid: { columns, tileWidth, tileHeight, gap }, index, label }: TileProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (!picture) return
    const x = (index % columns) * (tileWidth + gap)
    const y = Math.floor(index / columns) * (tileHeight + gap)
    canvas.current!.getContext('2d')!.drawImage(picture, x, y, tileWidth, tileHeight, 0, 0, tileWidth, tileHeight)
  }, [picture, index, columns, tileWidth, tileHeight, gap])
  return (
    <canvas ref={canvas} class="picture pixels" width={tileWidth} height={tileHeight} role="img" aria-label={label} />
  )
}

/** The old picture stays until the new one is there, so that nothing flickers. */
function usePicture(address: string): HTMLImageElement | null {
  const [picture, setPicture] = useState<HTMLImageElement | null>(null)
  useEffect(() => {
    const next = new Image()
    let current = true
    next.onload = () => {
      if (current) setPicture(next)
    }
    next.src = address
    return () => {
      current = false
    }
  }, [address])
  return picture
}
