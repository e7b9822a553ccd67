import { readDemoPassword } from '#platform/config'
import { errorCode } from '#platform/errors'
import { linesOf } from '../lines-of.ts'
import type { Output } from '../output.ts'
import { withSystem } from '../with-system.ts'

const DEMO_EMAIL = 'demo@example.org'
const SWEEP_TIMEOUT_MS = 600_000

/** Fills a database with listening history and what is made of it; doing it again adds nothing. */
export async function seedDemo(historyFile: string, output: Output): Promise<void> {
  await withSystem(async ({ identity, history, language, training }) => {
    await registerOnce(() =>
      identity.register({ email: DEMO_EMAIL, password: readDemoPassword() }, 'demo'),
    )
    output.line(`Demo login: ${DEMO_EMAIL}`)

    const imported = await history.importListenBrainz(linesOf(historyFile), { origin: 'demo' })
    output.line(`Imported ${imported.added} plays.`)

    const swept = await language.sweep(AbortSignal.timeout(SWEEP_TIMEOUT_MS), () => {})
    output.line(`Detected the language of ${swept.detected} tracks.`)

    const trained = await training.train()
    output.line(trained.trained ? `Trained model ${trained.version}.` : 'The model is up to date.')
    output.result({ email: DEMO_EMAIL, imported, swept, trained })
  })
}

async function registerOnce(register: () => Promise<unknown>): Promise<void> {
  try {
    await register()
  } catch (error) {
    if (errorCode(error) !== 'identity.email_taken') throw error
  }
}
