import { useRef } from 'preact/hooks'

interface FileButtonProps {
  readonly children: string
  /** What the dialogue offers: `.safetensors`, `image/*`. */
  readonly accept: string
  readonly multiple?: boolean
  readonly disabled?: boolean
  readonly onFiles: (files: File[]) => void
}

/** A button that opens files. Their content stays in this tab. */
export function FileButton({ children, accept, multiple, disabled, onFiles }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class="button" disabled={disabled} onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        aria-label={children}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          event.currentTarget.value = '' // The same file may be chosen again.
          if (files.length > 0) onFiles(files)
        }}
      />
    </>
  )
}
