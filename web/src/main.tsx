import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/controls.css'
import 'uplot/dist/uPlot.min.css'
import './styles/figures.css'
import './styles/paper.css'
import './styles/train.css'
import './styles/runs.css'
import './styles/look.css'
import { render } from 'preact'
import { findServer } from './runs/api.ts'
import { App } from './shell/app.tsx'
import { followAddress } from './shell/router.ts'
import { applyTheme } from './shell/theme.ts'

applyTheme()

// What comes from `alexnet ui` is there to show runs; elsewhere the page begins with training.
const fromServer = await findServer()
followAddress(fromServer ? 'runs' : 'train')
render(<App />, document.getElementById('page')!)
