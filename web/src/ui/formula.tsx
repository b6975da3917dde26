import type { ComponentChildren } from 'preact'

/** A formula on a line of its own. Browsers set MathML themselves, and screen readers read it. */
export function Formula({ children, label }: { children: ComponentChildren; label: string }) {
  return (
    <div class="formula scroll">
      <math display="block" aria-label={label}>
        <mrow>{children}</mrow>
      </math>
    </div>
  )
}

/** Variables: one letter each. */
export const I = ({ children }: { children: string }) => <mi>{children}</mi>
/** Names of functions, upright. */
export const Name = ({ children }: { children: string }) => <mi mathvariant="normal">{children}</mi>
export const N = ({ children }: { children: string }) => <mn>{children}</mn>
export const O = ({ children }: { children: string }) => <mo>{children}</mo>
export const Text = ({ children }: { children: string }) => <mtext>{children}</mtext>

interface Parts {
  readonly of: ComponentChildren
  readonly by: ComponentChildren
}

export const Sub = ({ of, by }: Parts) => (
  <msub>
    <mrow>{of}</mrow>
    <mrow>{by}</mrow>
  </msub>
)

export const Sup = ({ of, by }: Parts) => (
  <msup>
    <mrow>{of}</mrow>
    <mrow>{by}</mrow>
  </msup>
)

export const Frac = ({ of, by }: Parts) => (
  <mfrac>
    <mrow>{of}</mrow>
    <mrow>{by}</mrow>
  </mfrac>
)

/** A sum over what stands below it. */
export const Sum = ({ over }: { over: ComponentChildren }) => (
  <munder>
    <mo>∑</mo>
    <mrow>{over}</mrow>
  </munder>
)
