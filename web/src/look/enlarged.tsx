import { useEffect, useRef } from 'preact/hooks'
import { Picture, type Pixels } from '../ui/picture.tsx'

/** A small picture that is shown large. */
export interface Enlargement {
  readonly title: string
  readonly pixels: Pixels
  /** A line below it. */
  readonly about: string
}

/** A dialogue with one picture; Escape or a click beside it closes it. */
export function Enlarged({ what, onClose }: { what: Enlargement | null; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (what) dialog.current?.showModal()
    else dialog.current?.close()
  }, [what])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialogue by itself
    <dialog
      ref={dialog}
      class="enlarged"
      aria-label={what?.title ?? 'Enlarged'}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close()
      }}
    >
      {what && (
        <div class="enlarged-content">
          <div class="panel-head">
            <h2 class="h3">{what.title}</h2>
            <button type="button" class="button quiet" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
          <Picture pixels={what.pixels} label={what.title} />
          <p class="small soft">{what.about}</p>
        </div>
      )}
    </dialog>
  )
}
