import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { localState } from '../../local/index.ts'
import { type Output, shorten } from '../output.ts'
import { type ApiClient, apiClient } from './api-client.ts'
import { agree } from './consent.ts'
import type { LinkList, Recommendations, TopTracks, TrackLanguage } from './demo-answers.ts'

export interface DemoOptions {
  apiUrl: string | undefined
  /** BCP 47 tags. */
  lang: readonly string[]
  listener?: string
}

const DEFAULT_API = 'http://127.0.0.1:4000'
const TOP_TRACKS = 20
const RECOMMENDATIONS = 12
/** New tracks are being looked at in the background; a person would reload the page. */
const LANGUAGE_WAIT_MS = 15_000
const LINK_WAIT_MS = 300_000
const POLL_MS = 500

/** Registers somebody, links an account, and prints what they listen to and might like. */
export async function playDemo(options: DemoOptions, output: Output): Promise<void> {
  const apiUrl = options.apiUrl ?? (await localState())?.apiUrl ?? DEFAULT_API
  const api = apiClient(apiUrl)
  const email = `demo-${randomBytes(4).toString('hex')}@example.org`
  const password = randomBytes(12).toString('base64url')
  const { accessToken } = await api.post<{ accessToken: string }>('/auth/register', {
    email,
    password,
  })
  output.line(`Registered ${email} at ${apiUrl}`)

  const me = api.as(accessToken)
  const listener = await link(me, options.listener, output)
  const top = await topTracks(me)
  printTopTracks(top, output)

  const recommendations: Recommendations[] = []
  for (const lang of options.lang) {
    const answer = await me.post<Recommendations>('/reco/by-language', {
      lang,
      limit: RECOMMENDATIONS,
    })
    printRecommendations(answer, output)
    recommendations.push(answer)
  }
  // So that the next demo finds the listener free.
  await me.delete('/music/links/spotify')
  output.line('\nUnlinked the account again.')
  output.result({ apiUrl, email, listener, topTracks: top, recommendations })
}

async function link(me: ApiClient, wanted: string | undefined, output: Output): Promise<string> {
  for (let position = 0; ; position += 1) {
    // A new attempt each time: the state of a refused one is spent.
    const { authorizeUrl } = await me.get<{ authorizeUrl: string }>('/auth/spotify/login')
    const agreement = await agree(authorizeUrl, { name: wanted, position })
    if (agreement.outcome === 'linked') {
      output.line(`Linked the account of ${agreement.listener}`)
      return agreement.listener
    }
    if (agreement.outcome === 'not_a_form') return linkByHand(me, authorizeUrl, output)
  }
}

/** With a real provider, only a person can agree. */
async function linkByHand(me: ApiClient, authorizeUrl: string, output: Output): Promise<string> {
  output.line(`Open this page and agree, the demo then goes on:\n  ${authorizeUrl}`)
  const deadlineMs = performance.now() + LINK_WAIT_MS
  while (performance.now() < deadlineMs) {
    const { links } = await me.get<LinkList>('/music/links')
    const [linked] = links
    if (linked !== undefined) return linked.accountId
    await pause(POLL_MS)
  }
  throw new Error('The account was not linked in time.')
}

async function topTracks(me: ApiClient): Promise<TopTracks> {
  const deadlineMs = performance.now() + LANGUAGE_WAIT_MS
  for (;;) {
    const top = await me.get<TopTracks>(`/music/me/top/tracks?limit=${TOP_TRACKS}`)
    const waiting = top.items.some(({ language }) => language.status === 'pending')
    if (!waiting || performance.now() > deadlineMs) return top
    await pause(POLL_MS)
  }
}

const percent = (ratio: number) => `${Math.round(ratio * 100)} %`.padStart(5)
const artistNames = (artists: readonly { name: string }[]) =>
  artists.map(({ name }) => name).join(', ')

function describeLanguage({ status, tag, confidence }: TrackLanguage): [string, string] {
  return status === 'detected' && tag !== null ? [tag, percent(confidence ?? 0)] : [status, '']
}

function printTopTracks({ items }: TopTracks, output: Output): void {
  output.heading('Top tracks, and the language each is sung in')
  output.table(
    items.map(({ title, artists, language }, index) => [
      String(index + 1).padStart(2),
      ...describeLanguage(language),
      shorten(title, 38),
      shorten(artistNames(artists), 30),
    ]),
  )
}

function printRecommendations({ lang, items, shortfall }: Recommendations, output: Output): void {
  const name = new Intl.DisplayNames('en', { type: 'language' }).of(lang) ?? lang
  output.heading(`Recommended in ${name}`)
  output.table(
    items.map(({ track, language, reason }, index) => [
      String(index + 1).padStart(2),
      language.tag,
      percent(language.confidence),
      shorten(track.title, 34),
      shorten(artistNames(track.artists), 26),
      shorten(reason.text.en, 60),
    ]),
  )
  if (shortfall > 0) output.line(`  … and no more: ${shortfall} fewer than asked for.`)
}
