import { startFleet } from '../../test/fleet/index.ts'
import { openWitness } from '../database.ts'
import type { Prover } from '../prover.ts'
import { seededRandom } from '../random.ts'
import { eventLedger } from '../workload/event-ledger.ts'
import { startEventLoad } from './event-load.ts'
import { killAgainAndAgain } from './kill-again-and-again.ts'

export const apiKill: Prover = {
  name: 'api-kill',
  description: 'kill -9 of the API under event load: no acknowledged event is lost or doubled',
  times: 200,
  async run({ times, seed, say }) {
    const random = seededRandom(seed)
    const fleet = await startFleet({ apis: 3, workers: 0 })
    const witness = openWitness(fleet.databaseUrl)
    try {
      const ledger = eventLedger()
      const bases = fleet.apis.map(({ url }) => url)
      const load = await startEventLoad({ bases, ledger, senders: 8, random })
      await killAgainAndAgain({
        // The last one stays, so that there is always somebody to take an event a second time.
        victims: fleet.apis.slice(0, -1),
        times,
        random,
        told: (kills) => say(`${kills} kills, ${ledger.acknowledgedCount} events acknowledged`),
      })
      await load.stop()
      const verdict = await ledger.judge(witness, { all: true })
      const rows = await witness.count('select count(*) - count(distinct id) from analytics_event')
      const doubled = Math.max(rows, verdict.doubled.length)
      const lost = verdict.lost.length
      return {
        name: 'api-kill',
        holds: lost === 0 && doubled === 0 && verdict.acknowledged > times,
        line: `${times} × kill -9 of an API: ${verdict.acknowledged} events acknowledged, ${lost} lost, ${doubled} doubled`,
        figures: { kills: times, acknowledged: verdict.acknowledged, lost, doubled },
      }
    } finally {
      await witness.close()
      await fleet.close()
    }
  },
}
