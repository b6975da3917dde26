export function LookView() {
  return (
    <header class="page-head">
      <h1 tabIndex={-1}>Look</h1>
    </header>
  )
}
