import type { DrawnShape } from './drawn-shapes.ts'
import { Picture } from './picture.tsx'

/** Shapes, a column for each of the ten classes. */
export function ShapesGrid({ shapes }: { shapes: readonly DrawnShape[] }) {
  return (
    <ul class="picture-grid shapes-grid">
      {shapes.map(({ pixels, label }, n) => (
        <li key={n}>
          <Picture pixels={pixels} label={label} />
        </li>
      ))}
    </ul>
  )
}
