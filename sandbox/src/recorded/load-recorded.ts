import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GeniusSource } from '../genius/genius-source.ts'
import type { SpotifySource } from '../spotify/spotify-source.ts'
import { readCassettes } from './cassettes.ts'
import { isObject, type JsonObject } from './json.ts'
import { recordedGenius } from './recorded-genius.ts'
import { recordedSpotify } from './recorded-spotify.ts'
import { SPOTIFY_FILES, type SpotifyAnswers } from './spotify-answers.ts'

/** The folder of recorded answers is absent or incomplete; the message says what is missing. */
export class RecordedAnswersError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RecordedAnswersError'
  }
}

/** The folder is either the one that holds `spotify/recorded` and `genius`, or `spotify/recorded`. */
function folders(folder: string | undefined): { spotify: string; genius: string } {
  if (folder === undefined) {
    throw new RecordedAnswersError(
      'Recorded mode needs the folder of recorded answers; none is named',
    )
  }
  if (!existsSync(folder)) {
    throw new RecordedAnswersError(`Recorded mode needs ${folder}, and there is no such folder`)
  }
  const inside = join(folder, 'spotify', 'recorded')
  return existsSync(inside)
    ? { spotify: inside, genius: join(folder, 'genius') }
    : { spotify: folder, genius: join(folder, '..', '..', 'genius') }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new RecordedAnswersError(`${path} cannot be read: ${reason}`)
  }
}

function spotifyAnswers(folder: string): SpotifyAnswers {
  const missing = SPOTIFY_FILES.filter((name) => !existsSync(join(folder, `${name}.json`)))
  if (missing.length > 0) {
    throw new RecordedAnswersError(`${folder} lacks ${missing.map((n) => `${n}.json`).join(', ')}`)
  }
  const read = (name: string): JsonObject => {
    const body = readJson(join(folder, `${name}.json`))
    if (isObject(body)) return body
    throw new RecordedAnswersError(`${join(folder, name)}.json holds no JSON object`)
  }
  return {
    current_user: read('current_user'),
    top_tracks: read('top_tracks'),
    top_artists: read('top_artists'),
    recently_played_tracks: read('recently_played_tracks'),
    saved_tracks: read('saved_tracks'),
    search: read('search'),
    artist: read('artist'),
  }
}

async function geniusAnswers(folder: string): Promise<GeniusSource> {
  if (!existsSync(folder)) return recordedGenius([])
  const names = readdirSync(folder).sort()
  const paths = (ending: string) =>
    names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name))
  const plain = paths('.json').map((path) => ({
    url: undefined,
    status: 200,
    body: readJson(path),
  }))
  return recordedGenius([...plain, ...(await readCassettes(paths('.yml')))])
}

/**
 * Reads the recorded answers of both providers. Those of Genius are optional.
 * @throws RecordedAnswersError
 */
export async function loadRecorded(
  folder: string | undefined,
): Promise<{ spotify: SpotifySource; genius: GeniusSource }> {
  const { spotify, genius } = folders(folder)
  return {
    spotify: recordedSpotify(spotifyAnswers(spotify)),
    genius: await geniusAnswers(genius),
  }
}
