/** What the demo reads of the API's answers. */
export interface TrackLanguage {
  status: 'detected' | 'unknown' | 'pending'
  tag: string | null
  confidence: number | null
}

interface DemoTrack {
  trackId: string
  title: string
  artists: { name: string }[]
  isrc: string | null
}

export interface TopTracks {
  items: (DemoTrack & { language: TrackLanguage })[]
}

export interface LinkList {
  links: { accountId: string }[]
}

export interface Recommendations {
  lang: string
  shortfall: number
  items: {
    track: DemoTrack
    language: { tag: string; confidence: number }
    reason: { code: string; text: { en: string; es: string } }
  }[]
}
