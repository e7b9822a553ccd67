import type { System } from '#compose'

/** Songs whose language nobody doubts. */
const SONGS = [
  ['Julio Iglesias', 'Me olvidé de vivir', 'ES5207800010'],
  ['Rocío Jurado', 'Como una ola', 'ES5208100020'],
  ['Nino Bravo', 'Un beso y una flor', 'ES5207200030'],
  ['Camilo Sesto', 'Vivir así es morir de amor', 'ES5207800040'],
  ['Mecano', 'Me cuesta tanto olvidarte', 'ES5208600050'],
  ['Luz Casal', 'Piensa en mí', 'ES5209100060'],
  ['Joaquín Sabina', 'Y nos dieron las diez', 'ES5209200070'],
  ['Alejandro Sanz', 'Corazón partío', 'ES5209700080'],
] as const

const LISTENERS = ['ana', 'ben', 'cleo']
const FIRST_LISTEN_SECONDS = 1_700_000_000

async function* lines() {
  for (const [at, listener] of LISTENERS.entries()) {
    for (const [song, [artist, title, isrc]] of SONGS.entries()) {
      // Not everybody knows every song, or nothing would be left to recommend.
      if ((at + song) % 4 === 3) continue
      yield JSON.stringify({
        user_name: listener,
        listened_at: FIRST_LISTEN_SECONDS + at * 1000 + song,
        track_metadata: { artist_name: artist, track_name: title, additional_info: { isrc } },
      })
    }
  }
}

/** A listening history of a few songs in Spanish, their languages, and a model: in a second. */
export async function seedSmallHistory({ history, language, training }: System): Promise<void> {
  await history.importListenBrainz(lines(), { origin: 'demo' })
  await language.sweep(AbortSignal.timeout(60_000), () => {})
  await training.train()
}
