import { Picture } from '../ui/picture.tsx'
import type { Enlargement } from './enlarged.tsx'

/** A small picture that enlarges when it is clicked. */
export function MapButton({ onEnlarge, ...what }: Enlargement & { onEnlarge: (what: Enlargement) => void }) {
  return (
    <button type="button" class="map-button" aria-label={`${what.title}: enlarge`} onClick={() => onEnlarge(what)}>
      <Picture pixels={what.pixels} label="" />
    </button>
  )
}
