import { describe, expect, it } from 'vitest'
import { html, trusted } from './markup.js'

describe('html', () => {
  it('escapes what is put in, in text and in attributes', () => {
    const name = `<script>alert("1")</script>&'`
    expect(html`<p title="${name}">${name}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</p>',
    )
  })

  it('keeps markup, joins lists, and leaves nothing for undefined and false', () => {
    expect(
      html`<ul>${['<', '>'].map((x) => html`<li>${x}</li>`)}</ul>${undefined}${false}${0}${trusted('<hr>')}`.text,
    ).toBe('<ul><li>&lt;</li><li>&gt;</li></ul>0<hr>')
  })

  it('replaces control characters, which HTML does not allow', () => {
    expect(html`${'a\u0000b\u001b[31mc\nd'}`.text).toBe('a\ufffdb\ufffd[31mc\nd')
  })
})
